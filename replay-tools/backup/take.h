// Takes a backup: of a data folder at rest, or by asking the server that has it open.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace yeyak::tools {

struct TakeOptions {
    std::filesystem::path data;
    std::string server;  // URL; empty: the folder is at rest
    std::filesystem::path to;
    std::filesystem::path keys_to;   // empty: keys are not copied
    std::filesystem::path key_file;  // empty: DATA/audit.key
    std::string origin = "yeyak";
    std::uint64_t max_rate = 0;  // MiB a second; 0: as fast as it goes
    std::string actor;
    bool json = false;
};

// Both print and answer the exit code.
int take_at_rest(const TakeOptions& options);
int ask_server(const TakeOptions& options);

}  // namespace yeyak::tools
