// The subcommands that need the server: `yeyak serve` and `yeyak config`.
#pragma once
#include <atomic>
#include <functional>

#include "api/access/access_table.h"
#include "api/http/router.h"
#include "api/routes/load.h"
#include "api/routes/server.h"
#include "server/auth/tokens.h"
#include "server/metrics/metrics.h"

namespace CLI {
class App;
}

namespace yeyak::program {

// Each adds a subcommand; when the user chose it, `action` is what main() runs and whose result it
// exits with: 0 after an orderly end, 2 for a bad configuration, 3 when the data or the port cannot
// be opened, 74 when the disk failed while serving.
void add_serve(CLI::App& app, std::function<int()>& action);
void add_config(CLI::App& app, std::function<int()>& action);

// Every route that is served, with one system's at the root as well when the configuration names
// it. What they stand on outlives them. `table`: that of who may use them when everybody is
// asked for a token, for their description; null in the open mode.
void add_all_routes(http::Router& router, const api::Server& at, server::Tokens& tokens,
                    server::Metrics& metrics, const api::LoadSources& load,
                    const std::atomic<bool>& draining, const api::AccessTable* table);

}  // namespace yeyak::program
