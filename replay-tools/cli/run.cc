#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "replay-tools/cli/cli.h"
#include "replay-tools/cli/help.h"
#include "replay-tools/exit_code.h"

namespace yeyak::tools {
namespace {

constexpr const char* examples =
    "  yeyak serve --data ./data                       run the platform\n"
    "  yeyak replay --data ./data --view all --yes     build all views anew from the log\n"
    "  yeyak audit verify --data ./data                prove that the data is whole\n"
    "  yeyak audit trail --data ./data --type 'payment.*'   who did what, when and why\n"
    "  yeyak demo --system all                         play a day against a running server\n"
    "  yeyak <command> --help                          more about a command\n";

int report(const std::string& what) {
    fmt::print(stderr, "yeyak: internal error: {}\nNothing else was done. Please report this.\n",
               what);
    return to_int(ExitCode::internal);
}

// For what is thrown where nobody can catch it: on a thread of its own.
[[noreturn]] void on_terminate() {
    std::string what = "unknown";
    if (const auto thrown = std::current_exception()) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& error) {
            what = error.what();
        } catch (...) {
        }
    }
    const int code = report(what);
    std::fflush(nullptr);
    std::_Exit(code);
}

int parse_and_do(int argc, const char* const* argv, const std::vector<AddCommand>& commands,
                 std::string_view version) {
    CLI::App app{"Yeyak: an event-sourced platform for reservations.", "yeyak"};
    app.formatter(std::make_shared<Help>());
    app.footer(footer(examples));
    app.set_version_flag("--version", fmt::format("yeyak {}", version),
                         "Print the version and exit");
    app.require_subcommand(1);
    Action action;
    for (const auto& add : commands) add(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        app.exit(success);  // --help, --version
        return to_int(ExitCode::ok);
    } catch (const CLI::ParseError& error) {
        app.exit(error);
        return to_int(ExitCode::usage);
    }
    return action ? action() : to_int(ExitCode::usage);
}

}  // namespace

std::string footer(std::string_view command_examples) {
    return fmt::format("Examples:\n{}\n{}", command_examples, exit_code_help());
}

int run(int argc, const char* const* argv, const std::vector<AddCommand>& commands,
        std::string_view version) {
    std::set_terminate(on_terminate);
    try {
        return parse_and_do(argc, argv, commands, version);
    } catch (const std::exception& error) {
        return report(error.what());
    } catch (...) {
        return report("unknown");
    }
}

}  // namespace yeyak::tools
