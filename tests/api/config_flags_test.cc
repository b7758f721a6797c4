// The flags on a command line as the program has it: a command under the program's own name.
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "program/systems.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

struct CommandLine {
    CLI::App program{"yeyak"};
    CLI::App* serve = program.add_subcommand("serve");
    server::Settings flags;

    CommandLine() { server::register_flags(program::settings(), *serve, flags); }

    // Nothing, or what the program prints on the error stream.
    std::string refusal(std::vector<std::string> words) {
        std::ranges::reverse(words);
        try {
            program.parse(std::move(words));
            return "";
        } catch (const CLI::ParseError& error) {
            std::ostringstream out;
            program.exit(error, out, out);
            return out.str();
        }
    }
};

TEST(ConfigFlags, collects_only_what_is_given) {
    CommandLine line;
    EXPECT_EQ(line.refusal({"serve", "--port", "-1", "--payment-timeout-ms=5", "--system", "",
                            "--config", "y.toml"}),
              "");
    EXPECT_EQ(
        line.flags,
        (server::Settings{
            {"port", "-1"}, {"payment.timeout_ms", "5"}, {"system", ""}, {"config", "y.toml"}}));
}

TEST(ConfigFlags, names_the_nearest_flag) {
    EXPECT_EQ(CommandLine().refusal({"serve", "--prot", "80"}),
              "unknown flag --prot; did you mean --port?\n"
              "Run with --help to see what can be given.\n");
    EXPECT_EQ(CommandLine().refusal({"serve", "--confg=y.toml"}),
              "unknown flag --confg; did you mean --config?\n"
              "Run with --help to see what can be given.\n");
    EXPECT_EQ(CommandLine().refusal({"serve", "--colour", "red"}),
              "unknown flag --colour\n"
              "Run with --help to see what can be given.\n");
}

TEST(ConfigFlags, says_what_else_does_not_fit) {
    EXPECT_EQ(CommandLine().refusal({"serve", "now"}),
              "The following argument was not expected: now\n"
              "Run with --help to see what can be given.\n");
    EXPECT_EQ(CommandLine().refusal({"serve", "--port"}),
              "--port: 1 required NUMBER missing\n"
              "Run with --help to see what can be given.\n");
}

TEST(ConfigFlags, help_tells_range_and_default) {
    const std::string help = CommandLine().refusal({"serve", "--help"});
    EXPECT_NE(help.find("--port NUMBER"), std::string::npos) << help;
    EXPECT_NE(help.find("TCP port; 0 takes a free one (from 0 to 65535; default 8080)"),
              std::string::npos)
        << help;
    EXPECT_NE(help.find("\npayment:\n"), std::string::npos) << help;
}

}  // namespace
}  // namespace yeyak::api
