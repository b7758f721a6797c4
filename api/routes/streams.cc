#include "api/routes/streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>

#include "api/routes/command.h"
#include "api/routes/common.h"
#include "api/routes/precondition.h"
#include "api/routes/streams_docs.h"
#include "eventstore/event_json.h"
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

// Says of events who wrote them, why and from where, as commands do. An event may name its actor
// itself, but not another than the request.
std::optional<Response> sign(std::vector<eventstore::NewEvent>& events, const Request& request,
                             const Cause& cause) {
    for (auto& event : events) {
        if (event.actor.empty()) event.actor = cause.actor;
        if (event.correlation_id.empty()) event.correlation_id = cause.correlation_id;
        if (event.causation_id.empty()) event.causation_id = cause.causation_id;
        const auto refused = [&](int status, std::string_view code, std::string_view why) {
            return problem(status, code, fmt::format("the actor {} {}", event.actor, why), "actor");
        };
        if (!is_actor(event.actor))
            return refused(400, "bad_actor", "is not 1 to 64 characters without blanks");
        if (mentions_registration_number(event.actor)) return personal_number("actor");
        if (mentions_registration_number(event.correlation_id, Spelling::separated))
            return personal_number("correlationid");
        if (is_program(event.actor))
            return refused(403, "reserved_actor", "is a name of the program");
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
    } else if (outcome.code == AppendEnd::idempotency_key_reused) {
        told.status = key_reused.status;
        told.detail = key_reused.detail;
    } else {
        told.status = 422;
        told.detail = outcome.detail;
    }
    return http::problem(told);
}

awaitable<Response> append(server::Commands& commands, Request& request) {
    const std::string stream{request.parameter("stream")};
    if (auto bad = refuse_stream_name(stream)) co_return *std::move(bad);
    const auto precondition = precondition_of(request);
    if (!precondition) co_return precondition.error();
    auto events = eventstore::read_events(request.body);
    if (!events) co_return problem_of(events.error());
    if (events->empty()) co_return problem(422, "no_events", "an append holds at least one event");
    const auto cause = cause_of(request, std::string{nobody});
    if (!cause) co_return cause.error();
    if (auto bad = sign(*events, request, *cause)) co_return *std::move(bad);
    server::AppendCall call;
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
    auto parsed = eventstore::read_commit(request.body);
    if (!parsed) co_return problem_of(parsed.error());
    const auto cause = cause_of(request, std::string{nobody});
    if (!cause) co_return cause.error();
    for (auto& one : parsed->appends) {
        if (auto bad = refuse_stream_name(one.stream)) co_return *std::move(bad);
        if (auto bad = sign(one.events, request, *cause)) co_return *std::move(bad);
    }
    server::AppendCall call;
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

awaitable<Response> read(server::Reads& reads, Request& request) {
    if (auto unknown = refuse_unknown_parameters(request, {"from", "direction", "limit"}))
        co_return *std::move(unknown);
    eventstore::StreamQuery query;
    query.stream = request.parameter("stream");
    const auto direction = request.query["direction"];
    if (!direction.empty() && direction != "forward" && direction != "backward")
        co_return problem(400, "bad_parameter", "direction is forward or backward", "direction");
    const bool backward = direction == "backward";
    if (backward) query.direction = eventstore::Direction::backward;
    const auto from = number_of(request.query.find("from"), {"from", 1, INT64_MAX});
    if (!from) co_return from.error();
    const auto limit = number_of(request.query.find("limit"), {"limit", 1, 1000});
    if (!limit) co_return limit.error();
    query.from = static_cast<eventstore::Version>(from->value_or(backward ? 0 : 1));
    query.max_events = static_cast<std::size_t>(limit->value_or(100));
    query.max_bytes = 4 << 20;
    const auto page = reads.log().read_stream(query);
    if (!page) co_return problem_of(page.error());
    eventstore::StreamQuery newest;
    newest.stream = query.stream;
    newest.direction = eventstore::Direction::backward;
    newest.max_events = 1;
    const auto head = reads.log().read_stream(newest);
    if (!head) co_return problem_of(head.error());
    if (head->events.empty())
        co_return problem(404, "no_such_stream", fmt::format("there is no stream {}", query.stream),
                          "stream");
    const auto version = head->events.front()->version;
    std::string body = "{\"stream\":";
    append_json_string(body, query.stream);
    body += fmt::format(",\"version\":{},\"end\":{},\"events\":[", version, page->end);
    for (const auto& event : page->events) {
        if (body.back() != '[') body += ',';
        eventstore::append_event_json(body, *event);
    }
    body += ']';
    if (!page->end) {
        const auto last = page->events.back()->version;
        body += fmt::format(",\"next\":\"/streams/{}?from={}&limit={}{}\"",
                            percent_encode(query.stream), backward ? last - 1 : last + 1,
                            query.max_events, backward ? "&direction=backward" : "");
    }
    auto response = http::json(200, body + "}");
    response.revision = std::to_string(version);
    co_return response;
}

}  // namespace

void add_stream_routes(http::Router& router, server::Commands& commands, server::Reads& reads) {
    router.add({http::Method::post, "/streams/{stream}",
                [&commands](Request& request) { return append(commands, request); },
                streams_docs::append()});
    router.add({http::Method::get, "/streams/{stream}",
                [&reads](Request& request) { return read(reads, request); }, streams_docs::read()});
    router.add({http::Method::post, "/commits",
                [&commands](Request& request) { return commit(commands, request); },
                streams_docs::commit()});
}

}  // namespace yeyak::api
