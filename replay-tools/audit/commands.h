// The subcommands of `yeyak audit` that live in files of their own.
#pragma once
#include "replay-tools/cli/cli.h"

namespace yeyak::tools {

// receipt, check, checkpoint, consistency
void add_proof_commands(CLI::App& audit, Action& action);
// view
void add_audit_view(CLI::App& audit, Action& action, const Platform& platform);

void add_trail(CLI::App& audit, Action& action, const Platform& platform);

}  // namespace yeyak::tools
