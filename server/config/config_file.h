// The TOML file of the configuration as a flat list: one entry per key, with its place in the file.
// For config.cc only; toml++ is included in config_file.cc alone, because it compiles slowly.
//
// Threads: no state. Errors: a message with the place, for a file that cannot be read or is no
// TOML.
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace yeyak::server {

struct FilePlace {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    friend auto operator<=>(const FilePlace&, const FilePlace&) = default;
};

enum class FileType { text, whole_number, truth, instant, empty_table, other };

struct FileSetting {
    std::string path;  // payment.timeout_ms
    FileType type = FileType::other;
    std::string text;        // as the table of keys reads it: a string without its quotes
    std::string type_words;  // "a string", for messages
    FilePlace key_at;
    FilePlace value_at;
};

// In the order of the file.
std::expected<std::vector<FileSetting>, std::string> read_config_file(const std::string& file);

}  // namespace yeyak::server
