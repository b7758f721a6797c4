// The program `yeyak`: its subcommands. Here domain, store and servers come together.
#include <sys/stat.h>

#include "demo/demo.h"
#include "program/serve.h"
#include "program/systems.h"
#include "replay-tools/cli/cli.h"

int main(int argc, char** argv) {
    using namespace yeyak;
    // Whatever it makes, data, backups and keys, is its account's alone.
    ::umask(S_IRWXG | S_IRWXO);
    return tools::run(argc, argv,
                      {program::add_serve, program::add_config,
                       [](CLI::App& app, tools::Action& action) {
                           tools::add_replay(app, action, program::tools_platform());
                       },
                       [](CLI::App& app, tools::Action& action) {
                           tools::add_audit(app, action, program::tools_platform());
                       },
                       [](CLI::App& app, tools::Action& action) {
                           tools::add_auth(app, action, program::tools_platform());
                       },
                       tools::add_backup, tools::add_restore,
                       [](CLI::App& app, tools::Action& action) {
                           demo::add_demo(app, action, program::scripts());
                       },
                       tools::add_completion},
                      YEYAK_VERSION);
}
