// `yeyak demo`: a realistic day of one system or of all, over HTTP, against a running server.
//
// A new system is one file with its script (prereservation.cc is the shortest), which its manifest
// names. Everything runs on one thread; see script.h for what a script may do.
#pragma once
#include "demo/script.h"
#include "replay-tools/cli/cli.h"

namespace yeyak::demo {

// The scripts outlive the command.
void add_demo(CLI::App& app, tools::Action& action, Scripts scripts);

}  // namespace yeyak::demo
