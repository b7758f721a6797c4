// Runs the subcommands of the program within the test.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "program/systems.h"
#include "replay-tools/cli/cli.h"

namespace yeyak::tools::testing {

struct Ran {
    int code = 0;
    std::string out;
    std::string err;
};

inline Ran yeyak(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv{"yeyak"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Ran ran;
    const auto audit = [](CLI::App& app, Action& action) {
        add_audit(app, action, program::tools_platform());
    };
    ran.code =
        run(static_cast<int>(argv.size()), argv.data(), {audit, add_backup, add_restore}, "1.2.3");
    std::fflush(stdout);
    ran.out = ::testing::internal::GetCapturedStdout();
    ran.err = ::testing::internal::GetCapturedStderr();
    return ran;
}

}  // namespace yeyak::tools::testing
