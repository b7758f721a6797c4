// The command line as it is typed, run inside of a test.
#pragma once
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "program/systems.h"
#include "replay-tools/cli/cli.h"

namespace yeyak::tools::testing {

struct Ran {
    int code = 0;
    std::string out;
    std::string err;
};

inline Ran yeyak(std::vector<std::string> arguments) {
    std::vector<const char*> argv{"yeyak"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Ran ran;
    ran.code = run(
        static_cast<int>(argv.size()), argv.data(),
        {[](CLI::App& app, Action& action) { add_replay(app, action, program::tools_platform()); },
         [](CLI::App& app, Action& action) { add_audit(app, action, program::tools_platform()); },
         [](CLI::App& app, Action& action) { add_auth(app, action, program::tools_platform()); },
         add_backup, add_completion},
        "1.2.3");
    std::fflush(stdout);
    ran.out = ::testing::internal::GetCapturedStdout();
    ran.err = ::testing::internal::GetCapturedStderr();
    return ran;
}

inline bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace yeyak::tools::testing
