// The subcommands of `yeyak auth`.
#pragma once
#include "replay-tools/cli/cli.h"

namespace yeyak::tools {

void add_auth_init(CLI::App& auth, Action& action);
void add_auth_token(CLI::App& auth, Action& action);
void add_auth_revoke(CLI::App& auth, Action& action, const Platform& platform);

}  // namespace yeyak::tools
