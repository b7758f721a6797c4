// `yeyak demo`: a realistic day of one system or of all, over HTTP, against a running server.
//
// A new system is one file with its script (prereservation.cc is the shortest) and one line in
// scripts.cc. Everything runs on one thread; see script.h for what a script may do.
#pragma once
#include "replay-tools/cli/cli.h"

namespace yeyak::demo {

void add_demo(CLI::App& app, tools::Action& action);

}  // namespace yeyak::demo
