#include "api/routes/command.h"

#include <algorithm>

#include "aggregates/engine/unit.h"
#include "kernel/edge/log.h"
#include "kernel/ensure.h"

namespace yeyak::api {

using boost::asio::awaitable;
using http::problem;
using http::Response;

namespace {

std::expected<server::CommandCall, Response> call_of(const http::Request& request,
                                                     const CommandRoute& route, std::string actor) {
    server::CommandCall call;
    auto cause = cause_of(request, std::move(actor));
    if (!cause) return std::unexpected(std::move(cause).error());
    call.cause = *std::move(cause);
    auto refused =
        take_idempotency_key(request, route.scope, call.idempotency_key, call.fingerprint);
    if (refused) return std::unexpected(*std::move(refused));
    return call;
}

}  // namespace

awaitable<std::expected<Reply, Response>> run_command(server::Commands& commands,
                                                      const http::Request& request,
                                                      const CommandRoute& route, std::string actor,
                                                      Decide decide) {
    auto awaited = co_await run_command_until(commands, request, route, std::move(actor),
                                              std::move(decide), nullptr);
    if (!awaited) co_return std::unexpected(std::move(awaited).error());
    co_return std::move(awaited->reply);
}

awaitable<std::expected<server::Awaited, Response>> run_command_until(server::Commands& commands,
                                                                      const http::Request& request,
                                                                      const CommandRoute& route,
                                                                      std::string actor,
                                                                      Decide decide, IsEnd is_end) {
    auto call = call_of(request, route, std::move(actor));
    if (!call) co_return std::unexpected(std::move(call).error());
    call->decide = std::move(decide);
    auto awaited = co_await commands.execute_and_await(*std::move(call), std::move(is_end));
    if (!awaited) co_return std::unexpected(problem_of(awaited.error()));
    if (!awaited->reply.ok()) co_return std::unexpected(refusal(awaited->reply, route));
    co_return *std::move(awaited);
}

Response not_called(const http::Request& request, std::string_view context, std::string_view reason,
                    std::string_view message) {
    auto response = problem(503, reason, message);
    response.headers.add("Retry-After", "5");
    log::warning("call_refused", {{"context", context}, {"reason", reason}, {"message", message}},
                 request.correlation_id);
    return response;
}

Response refusal(const Reply& reply, const CommandRoute& route) {
    if (reply.ended == Ended::context_down) return context_down(route.context);
    if (reply.ended == Ended::key_reused)
        return problem(key_reused.status, key_reused.code, key_reused.detail);
    const auto row = std::ranges::find(route.refusals, reply.refusal, &Refusal::code);
    auto response = row == route.refusals.end()
                        ? problem(409, reply.refusal, "the command was refused")
                        : problem(row->status, row->code, row->detail);
    // Nothing was written: the newest event of the log is somebody else's.
    if (reply.replayed) response.headers.add("Idempotent-Replayed", "true");
    return response;
}

void finish(Response& response, const Reply& reply) {
    add_position(response, reply.position, reply.version, reply.stream);
    if (reply.replayed) response.headers.add("Idempotent-Replayed", "true");
}

StoreResult<std::vector<EventPtr>> history_of(const server::Reads& reads, const Reply& reply) {
    std::vector<EventPtr> history;
    while (history.size() < reply.version) {
        eventstore::StreamQuery query;
        query.stream = reply.stream;
        query.from = history.size() + 1;
        auto page = reads.log().read_stream(query);
        if (!page) return std::unexpected(std::move(page).error());
        ensure(!page->events.empty(), "a stream can be read up to the version of a reply");
        for (auto& event : page->events)
            if (history.size() < reply.version) history.push_back(std::move(event));
    }
    return history;
}

std::expected<std::int64_t, Response> id_of(const http::Request& request) {
    const auto id = number_of(request.parameter("id"), {"id", 1, INT64_MAX});
    if (!id)
        return std::unexpected(problem(404, "not_found", "ids here are positive numbers", "id"));
    return **id;
}

}  // namespace yeyak::api
