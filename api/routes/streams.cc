#include "api/routes/streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>

#include "api/access/own_streams.h"
#include "api/http/negotiation.h"
#include "api/routes/binary_event.h"
#include "api/routes/command.h"
#include "api/routes/common.h"
#include "api/routes/event_body.h"
#include "api/routes/precondition.h"
#include "api/routes/stream_reads.h"
#include "api/routes/streams_docs.h"
#include "kernel/normal_number.h"
#include "kernel/percent.h"
#include "server/append.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;
using server::AppendEnd;

std::optional<Response> refuse_stream_name(std::string_view stream) {
    const auto refused = [](std::string_view code, std::string_view detail, int status) {
        return problem(status, code, detail, "stream");
    };
    const bool fits =
        !stream.empty() && stream.size() <= 200 &&
        std::ranges::none_of(stream, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (!fits)
        return refused("bad_stream_name",
                       "a stream name is 1 to 200 bytes without control characters", 422);
    if (eventstore::category_of(stream).contains('.'))
        return refused("reserved_stream",
                       "categories with a dot belong to Yeyak's systems; name it without a dot "
                       "before the first '-'",
                       403);
    return std::nullopt;
}

// Says of events who wrote them, as commands do. An event may name its actor itself, but not
// another than the request.
std::optional<Response> sign(std::vector<eventstore::NewEvent>& events, const Request& request,
                             const Cause& cause) {
    for (auto& event : events) {
        if (event.actor.empty()) event.actor = cause.actor;
        const auto refused = [&](int status, std::string_view code, std::string_view why) {
            return problem(status, code, fmt::format("the actor {} {}", event.actor, why), "actor");
        };
        if (mentions_registration_number(event.actor)) return personal_number("actor");
        if (mentions_registration_number(event.correlation_id, Spelling::separated))
            return personal_number("correlationid");
        if (is_program(event.actor))
            return refused(403, "reserved_actor", "is a name of the program");
        if (request.caller && event.actor != cause.actor) return actor_not_yours("actor");
        if (request.header("X-Actor") && event.actor != cause.actor)
            return refused(400, "bad_actor", "is not the one that X-Actor names");
    }
    return std::nullopt;
}

Response refused(const server::AppendOutcome& outcome, int conflict_status) {
    http::Problem told;
    told.status = conflict_status;
    told.code = boost::describe::enum_to_string(outcome.code, "");
    if (outcome.code == AppendEnd::wrong_expected_version) {
        told.detail = fmt::format("{} is at version {}", outcome.stream, outcome.found);
        told.field = "expected";
        told.extra = {{"stream", http::json_string(outcome.stream)},
                      {"version", std::to_string(outcome.found)},
                      {"index", std::to_string(outcome.index)}};
    } else if (outcome.code == AppendEnd::condition_failed) {
        told.detail = fmt::format("event {} meets condition {}", outcome.position, outcome.index);
        told.field = "conditions";
        told.extra = {{"position", std::to_string(outcome.position)},
                      {"index", std::to_string(outcome.index)}};
    } else if (outcome.code == AppendEnd::event_id_used) {
        told.status = 409;
        told.detail = outcome.detail;
        told.field = "id";
        told.extra = {{"position", std::to_string(outcome.position)},
                      {"index", std::to_string(outcome.index)}};
    } else if (outcome.code == AppendEnd::idempotency_key_reused) {
        told.status = key_reused.status;
        told.detail = key_reused.detail;
    } else {
        told.status = 422;
        told.detail = outcome.detail;
    }
    return http::problem(told);
}

// The events of a request, in each of the content modes that CloudEvents have.
std::expected<std::vector<eventstore::NewEvent>, Response> events_of(const Request& request) {
    const auto type = http::media_type(request.header("Content-Type").value_or(""));
    const bool structured = http::same_name(type, cloud_event_type);
    const bool batch = http::same_name(type, cloud_event_batch_type);
    if (!structured && !batch && request.headers.contains(binary_mark)) {
        auto event = read_binary_event(request);
        if (!event) return std::unexpected(std::move(event).error());
        return std::vector<eventstore::NewEvent>{*std::move(event)};
    }
    auto events = read_events(request.body, structured ? Envelope::structured
                                            : batch    ? Envelope::batch
                                                       : Envelope::any);
    if (!events) return std::unexpected(refuse_body(std::move(events).error()));
    return *std::move(events);
}

awaitable<Response> append(server::Commands& commands, Request& request) {
    const std::string stream{request.parameter("stream")};
    if (auto bad = refuse_stream_name(stream)) co_return *std::move(bad);
    if (!may_write(request.caller.get(), stream)) co_return stream_not_yours(stream);
    const auto precondition = precondition_of(request);
    if (!precondition) co_return precondition.error();
    auto events = events_of(request);
    if (!events) co_return std::move(events).error();
    const auto cause = cause_of(request, std::string{nobody});
    if (!cause) co_return cause.error();
    if (auto bad = sign(*events, request, *cause)) co_return *std::move(bad);
    server::AppendCall call;
    call.cause = *cause;
    if (auto bad = take_idempotency_key(request, "streams", call.idempotency_key, call.fingerprint))
        co_return *std::move(bad);
    eventstore::StreamAppend one;
    one.stream = stream;
    one.events = *std::move(events);
    call.commit.appends.push_back(std::move(one));
    if (precondition->holds) call.guard = Guard{stream, precondition->holds};
    const auto outcome = co_await commands.append(std::move(call));
    if (!outcome) co_return problem_of(outcome.error());
    if (outcome->code != AppendEnd::ok) co_return refused(*outcome, precondition->status);
    const auto version = outcome->versions.front();
    std::string body = "{\"stream\":";
    append_json_string(body, stream);
    body += fmt::format(",\"version\":{},\"first\":{},\"position\":{}}}", version, outcome->first,
                        outcome->last);
    auto response = http::json(201, std::move(body));
    response.headers.add("Location", "/streams/" + percent_encode(stream));
    response.headers.add("ETag", fmt::format("\"{}\"", version));
    add_position(response, outcome->last, version);
    co_return response;
}

awaitable<Response> commit(server::Commands& commands, Request& request) {
    auto parsed = read_commit(request.body);
    if (!parsed) co_return refuse_body(std::move(parsed).error());
    const auto cause = cause_of(request, std::string{nobody});
    if (!cause) co_return cause.error();
    for (auto& one : parsed->appends) {
        if (auto bad = refuse_stream_name(one.stream)) co_return *std::move(bad);
        if (!may_write(request.caller.get(), one.stream)) co_return stream_not_yours(one.stream);
        if (auto bad = sign(one.events, request, *cause)) co_return *std::move(bad);
    }
    // What others wrote would show in the answer.
    for (const auto& condition : parsed->conditions)
        if (!may_read(request.caller.get(), condition.filter)) co_return condition_not_yours();
    server::AppendCall call;
    call.cause = *cause;
    if (auto bad = take_idempotency_key(request, "commits", call.idempotency_key, call.fingerprint))
        co_return *std::move(bad);
    std::vector<std::string> streams;
    for (const auto& one : parsed->appends) streams.push_back(one.stream);
    call.commit = *std::move(parsed);
    const auto outcome = co_await commands.append(std::move(call));
    if (!outcome) co_return problem_of(outcome.error());
    if (outcome->code != AppendEnd::ok) co_return refused(*outcome, 409);
    std::string body =
        fmt::format("{{\"first\":{},\"position\":{},\"streams\":[", outcome->first, outcome->last);
    for (std::size_t i = 0; i < streams.size(); ++i) {
        body += i == 0 ? "{\"stream\":" : ",{\"stream\":";
        append_json_string(body, streams[i]);
        body += fmt::format(",\"version\":{}}}", outcome->versions[i]);
    }
    auto response = http::json(201, body + "]}");
    add_position(response, outcome->last);
    co_return response;
}

}  // namespace

void add_stream_routes(http::Router& router, server::Commands& commands, server::Reads& reads) {
    router.add({http::Method::post, "/streams/{stream}",
                [&commands](Request& request) { return append(commands, request); },
                streams_docs::append()});
    router.add({http::Method::get, "/streams/{stream}",
                [&reads](Request& request) { return read_stream(reads, request); },
                streams_docs::read()});
    router.add({http::Method::get, "/streams/{stream}/{version}",
                [&reads](Request& request) { return read_event(reads, request); },
                streams_docs::read_one()});
    router.add({http::Method::post, "/commits",
                [&commands](Request& request) { return commit(commands, request); },
                streams_docs::commit()});
}

}  // namespace yeyak::api
