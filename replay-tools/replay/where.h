// Where a command works: on a data folder at rest, or against a running server.
#pragma once
#include <expected>
#include <filesystem>
#include <functional>
#include <string>

#include "replay-tools/remote/server.h"

namespace CLI {
class App;
}

namespace yeyak::tools {

struct Where {
    std::filesystem::path data;
    std::string server;
    std::string actor = {};
    bool json = false;
};

// Adds --server, --actor and --json, and with `at_rest` also --data.
void add_where(CLI::App& command, Where& where, bool at_rest);
// Throws what CLI11 tells the user when not exactly one of them is given.
void check_where(const Where& where);

// Sends one request and gives the answer to `done`; otherwise prints why there is none. Answers the
// exit code.
int ask(const Where& where, std::string method, std::string path, std::string body,
        const std::function<int(const remote::Answer&)>& done);

}  // namespace yeyak::tools
