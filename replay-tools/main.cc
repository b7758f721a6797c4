// The program `yeyak`: its subcommands. Here domain, store and servers come together.
#include "api/serve.h"
#include "demo/demo.h"
#include "replay-tools/cli/cli.h"

int main(int argc, char** argv) {
    return yeyak::tools::run(
        argc, argv,
        {yeyak::api::add_serve, yeyak::api::add_config, yeyak::tools::add_replay,
         yeyak::tools::add_audit, yeyak::tools::add_backup, yeyak::tools::add_restore,
         yeyak::demo::add_demo, yeyak::tools::add_completion},
        YEYAK_VERSION);
}
