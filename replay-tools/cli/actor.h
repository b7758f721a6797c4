// Who acts. Every command that records somebody has the same option for it.
#pragma once
#include <string>

namespace CLI {
class App;
}

namespace yeyak::tools {

// Who runs this program: the name of the account, "anonymous" when it has none that may be
// recorded.
std::string account_name();

// Adds --actor. `actor` is the account until the command line says otherwise; what it says has the
// same limits as X-Actor.
void add_actor(CLI::App& command, std::string& actor);

}  // namespace yeyak::tools
