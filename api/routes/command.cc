#include "api/routes/command.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregates/engine/guard.h"
#include "aggregates/engine/unit.h"
#include "api/access/ownership.h"
#include "api/routes/precondition.h"
#include "kernel/edge/log.h"
#include "kernel/ensure.h"

namespace yeyak::api {

using boost::asio::awaitable;
using http::problem;
using http::Response;

namespace {

// Whose the stream must be; nothing when anybody's will do.
std::optional<Owned> owned_by_caller(const http::Request& request, const CommandRoute& route,
                                     std::string_view stream) {
    const auto* caller = bound_caller(request);
    if (caller == nullptr) return std::nullopt;
    if (route.owner.empty()) return Owned{std::string{stream}, owner_name(*caller)};
    const auto number = stream.substr(eventstore::category_of(stream).size());
    return Owned{fmt::format("{}{}", route.owner, number), owner_name(*caller)};
}

// What the core looks at when it decides: the condition of the request, and whose the stream is.
std::expected<std::optional<Guard>, Response> guard_of(const http::Request& request,
                                                       const CommandRoute& route,
                                                       Precondition& precondition,
                                                       std::string stream) {
    auto found = precondition_of(request);
    if (!found) return std::unexpected(std::move(found).error());
    precondition = *std::move(found);
    if (!stream.empty())
        if (auto owned = owned_by_caller(request, route, stream))
            return Guard{std::move(stream), precondition.holds, std::move(owned)};
    if (!precondition.holds) return std::nullopt;
    if (stream.empty())
        return std::unexpected(
            problem(400, "precondition_not_supported",
                    fmt::format("{} is not looked at for this request; send it without",
                                precondition.field),
                    precondition.field));
    return Guard{std::move(stream), precondition.holds, std::nullopt};
}

Response refusal(const Reply& reply, const CommandRoute& route, const Precondition& precondition) {
    if (reply.ended == Ended::context_down) return context_down(route.context);
    if (reply.ended == Ended::key_reused)
        return problem(key_reused.status, key_reused.code, key_reused.detail);
    const bool stale = reply.refusal == guard_failed;
    const bool missing = stale && reply.version == 0 && !route.missing.empty();
    if (stale && !missing && !precondition.holds)
        return problem(404, "not_found", "there is nothing of this number");
    if (stale && !missing) return not_met(precondition, reply.stream, reply.version);
    const auto code = missing ? route.missing : std::string_view{reply.refusal};
    const auto row = std::ranges::find(route.refusals, code, &Refusal::code);
    if (row == route.refusals.end()) return problem(409, code, "the command was refused");
    return problem(row->status, row->code, row->detail);
}

}  // namespace

awaitable<std::expected<Reply, Response>> run_command(server::Commands& commands,
                                                      const http::Request& request,
                                                      const CommandRoute& route, std::string actor,
                                                      Command command, std::string stream) {
    auto awaited = co_await run_command_until(commands, request, route, std::move(actor),
                                              std::move(command), nullptr, std::move(stream));
    if (!awaited) co_return std::unexpected(std::move(awaited).error());
    co_return std::move(awaited->reply);
}

awaitable<std::expected<server::Awaited, Response>> run_command_until(
    server::Commands& commands, const http::Request& request, const CommandRoute& route,
    std::string actor, Command command, IsEnd is_end, std::string stream) {
    server::CommandCall call;
    auto cause = cause_of(request, std::move(actor));
    if (!cause) co_return std::unexpected(std::move(cause).error());
    call.cause = *std::move(cause);
    if (auto refused =
            take_idempotency_key(request, route.scope, call.idempotency_key, call.fingerprint))
        co_return std::unexpected(*std::move(refused));
    Precondition precondition;
    auto guard = guard_of(request, route, precondition, std::move(stream));
    if (!guard) co_return std::unexpected(std::move(guard).error());
    call.guard = *std::move(guard);
    call.command = std::move(command);
    auto awaited = co_await commands.execute_and_await(std::move(call), std::move(is_end));
    if (!awaited) co_return std::unexpected(problem_of(awaited.error()));
    if (awaited->reply.ok()) co_return *std::move(awaited);
    auto refused = refusal(awaited->reply, route, precondition);
    // Nothing was written: the newest event of the log is somebody else's.
    if (awaited->reply.replayed && awaited->reply.ended == Ended::refused)
        refused.headers.add("Idempotent-Replayed", "true");
    co_return std::unexpected(std::move(refused));
}

Response not_called(const http::Request& request, std::string_view context, std::string_view reason,
                    std::string_view message) {
    auto response = problem(503, reason, message);
    response.headers.add("Retry-After", "5");
    log::warning("call_refused", {{"context", context}, {"reason", reason}, {"message", message}},
                 request.correlation_id);
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
    const auto id = parse_number(request.parameter("id"), {"id", 1, INT64_MAX});
    if (!id)
        return std::unexpected(problem(404, "not_found", "ids here are positive numbers", "id"));
    return *id;
}

}  // namespace yeyak::api
