// The subcommands that need the server: `yeyak serve` and `yeyak config`.
#pragma once
#include <functional>

namespace CLI {
class App;
}

namespace yeyak::program {

// Each adds a subcommand; when the user chose it, `action` is what main() runs and whose result it
// exits with: 0 after an orderly end, 2 for a bad configuration, 3 when the data or the port cannot
// be opened, 74 when the disk failed while serving.
void add_serve(CLI::App& app, std::function<int()>& action);
void add_config(CLI::App& app, std::function<int()>& action);

}  // namespace yeyak::program
