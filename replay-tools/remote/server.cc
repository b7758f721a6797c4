#include "replay-tools/remote/server.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "replay-tools/exit_code.h"

namespace yeyak::remote {
namespace {

boost::asio::awaitable<void> send(Client& client, ClientRequest request, Answer& answer) {
    answer = co_await client.send(request);
}

Failure failure_of(const ClientRequest& request, const Answer& answer) {
    if (answer.status == 0)
        return {0, "",
                fmt::format("{} {}: {}{}", request.method, request.path, answer.error,
                            answer.unreachable ? "; is the server running there?" : "")};
    auto detail = answer.text("/detail");
    return {answer.status, answer.text("/code").value_or(""),
            detail ? *std::move(detail)
                   : fmt::format("{} {} was answered with status {}", request.method, request.path,
                                 answer.status)};
}

}  // namespace

int refuse(const Failure& failure) {
    using tools::ExitCode;
    fmt::print(stderr, "yeyak: {}\n", failure.message);
    if (failure.status == 0) return tools::to_int(ExitCode::no_server);
    return tools::to_int(failure.status == 400 ? ExitCode::usage : ExitCode::failed);
}

std::expected<Answer, Failure> Server::call(ClientRequest request) {
    Answer answer;
    io_.restart();
    boost::asio::co_spawn(io_, send(client_, request, answer), boost::asio::detached);
    io_.run();
    if (!answer.ok()) return std::unexpected(failure_of(request, answer));
    return answer;
}

std::expected<Answer, Failure> Server::get(std::string path) {
    return call({.method = "GET", .path = std::move(path), .body = "", .key = ""});
}

}  // namespace yeyak::remote
