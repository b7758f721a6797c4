// The program `yeyak`: its subcommands. Here domain, store and servers come together.
#include "demo/demo.h"
#include "program/serve.h"
#include "replay-tools/cli/cli.h"

int main(int argc, char** argv) {
    return yeyak::tools::run(
        argc, argv,
        {yeyak::program::add_serve, yeyak::program::add_config, yeyak::tools::add_replay,
         yeyak::tools::add_audit, yeyak::tools::add_backup, yeyak::tools::add_restore,
         yeyak::demo::add_demo, yeyak::tools::add_completion},
        YEYAK_VERSION);
}
