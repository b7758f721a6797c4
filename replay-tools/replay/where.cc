#include "replay-tools/replay/where.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "replay-tools/cli/actor.h"
#include "replay-tools/exit_code.h"

namespace yeyak::tools {

void add_where(CLI::App& command, Where& where, bool at_rest) {
    if (at_rest)
        command.add_option("--data", where.data, "The data folder, at rest")->type_name("DIR");
    command.add_option("--server", where.server, "A running server: http://127.0.0.1:8080")
        ->type_name("URL");
    add_actor(command, where.actor);
    command.add_flag("--json", where.json, "Print the result as JSON");
}

void check_where(const Where& where) {
    if (where.data.empty() == where.server.empty())
        throw CLI::RequiredError{"either --data (at rest) or --server (running)"};
}

int ask(const Where& where, std::string method, std::string path, std::string body,
        const std::function<int(const remote::Answer&)>& done) {
    auto address = remote::parse_address(where.server);
    if (!address) {
        fmt::print(stderr, "yeyak: --server: {}\n", address.error());
        return to_int(ExitCode::usage);
    }
    remote::Server server{*std::move(address)};
    remote::ClientRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    request.actor = where.actor;
    const auto answer = server.call(std::move(request));
    if (!answer) return remote::refuse(answer.error());
    return done(*answer);
}

}  // namespace yeyak::tools
