// The program `yeyak`: its subcommands. Here domain, store and servers come together.
#include "replay-tools/cli/cli.h"

#if __has_include("api/serve.h")
#include "api/serve.h"
#endif

int main(int argc, char** argv) {
    return yeyak::tools::run(argc, argv,
                             {
#if __has_include("api/serve.h")
                                 yeyak::api::add_serve, yeyak::api::add_config,
#endif
                                 yeyak::tools::add_replay, yeyak::tools::add_audit,
                                 yeyak::tools::add_completion},
                             YEYAK_VERSION);
}
