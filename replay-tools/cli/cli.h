// The subcommands of `yeyak`. Each registration function adds one with its options, help and
// examples; when it is given on the command line, it sets `action` to what is to be done, which
// answers the exit code.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace yeyak::tools {

using Action = std::function<int()>;
using AddCommand = std::function<void(CLI::App& app, Action& action)>;

struct Platform;

void add_replay(CLI::App& app, Action& action, const Platform& platform);
void add_audit(CLI::App& app, Action& action, const Platform& platform);
void add_auth(CLI::App& app, Action& action, const Platform& platform);
void add_backup(CLI::App& app, Action& action);
void add_restore(CLI::App& app, Action& action);
void add_completion(CLI::App& app, Action& action);

// Examples and exit codes, for the end of a subcommand's help.
std::string footer(std::string_view examples);

// Parses the command line and does what it says. Whatever goes wrong is printed; never throws.
int run(int argc, const char* const* argv, const std::vector<AddCommand>& commands,
        std::string_view version);

// A script that completes the commands and options of `app`; `shell` is bash, zsh or fish.
std::string completion_script(const CLI::App& app, std::string_view shell);

}  // namespace yeyak::tools
