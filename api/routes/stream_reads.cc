#include "api/routes/stream_reads.h"

#include <fmt/format.h>

#include "api/access/own_streams.h"
#include "api/routes/binary_event.h"
#include "api/routes/common.h"
#include "api/routes/query.h"
#include "eventstore/event_json.h"
#include "kernel/percent.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using eventstore::Direction;
using eventstore::EventPtr;
using eventstore::StreamQuery;
using eventstore::Version;
using http::problem;
using http::Request;
using http::Response;

constexpr std::size_t page_bytes = 4 << 20;

std::expected<StreamQuery, Response> query_of(const Request& request) {
    QueryReader given{request, {"from", "direction", "limit"}};
    StreamQuery query;
    query.stream = request.parameter("stream");
    const bool backward = given.word("direction", {"forward", "backward"}) == "backward";
    if (backward) query.direction = Direction::backward;
    const auto from = given.number({"from", 1, INT64_MAX});
    query.from = static_cast<Version>(from.value_or(backward ? 0 : 1));
    query.max_events = static_cast<std::size_t>(given.number({"limit", 1, 1000}).value_or(100));
    if (auto refused = given.refused()) return std::unexpected(*std::move(refused));
    query.max_bytes = page_bytes;
    return query;
}

Response no_such_stream(const std::string& stream) {
    return problem(404, "no_such_stream", fmt::format("there is no stream {}", stream), "stream");
}

// The newest event of a stream; none when it does not exist.
StoreResult<EventPtr> newest_of(const eventstore::EventStore& log, const std::string& stream) {
    StreamQuery query;
    query.stream = stream;
    query.direction = Direction::backward;
    query.max_events = 1;
    auto page = log.read_stream(query);
    if (!page) return std::unexpected(std::move(page).error());
    return page->events.empty() ? EventPtr{} : page->events.front();
}

std::string next_of(const StreamQuery& query, const eventstore::Page& page) {
    if (page.end) return {};
    const bool backward = query.direction == Direction::backward;
    const auto last = page.events.back()->version;
    return fmt::format("/streams/{}?from={}&limit={}{}", percent_encode(query.stream),
                       backward ? last - 1 : last + 1, query.max_events,
                       backward ? "&direction=backward" : "");
}

}  // namespace

Response batch_of(std::string events, std::string_view next) {
    auto response = http::json(200, std::move(events));
    response.content_type = cloud_event_batch_type;
    if (!next.empty()) response.headers.add("Link", fmt::format("<{}>; rel=\"next\"", next));
    return response;
}

awaitable<Response> read_stream(server::Reads& reads, Request& request) {
    const auto query = query_of(request);
    if (!query) co_return query.error();
    if (!may_read(request.caller.get(), query->stream)) co_return no_such_stream(query->stream);
    const auto page = reads.log().read_stream(*query);
    if (!page) co_return problem_of(page.error());
    const auto newest = newest_of(reads.log(), query->stream);
    if (!newest) co_return problem_of(newest.error());
    if (!*newest) co_return no_such_stream(query->stream);
    const auto version = (*newest)->version;
    std::string events = "[";
    for (const auto& event : page->events) {
        if (events.back() != '[') events += ',';
        eventstore::append_event_json(events, *event);
    }
    events += ']';
    const auto next = next_of(*query, *page);
    Response response;
    if (request.preferred_type == cloud_event_batch_type) {
        response = batch_of(std::move(events), next);
    } else {
        std::string body = "{\"stream\":";
        append_json_string(body, query->stream);
        body += fmt::format(",\"version\":{},\"end\":{},\"events\":{}", version, page->end, events);
        if (!next.empty()) body += fmt::format(",\"next\":\"{}\"", next);
        response = http::json(200, body + "}");
    }
    response.revision = std::to_string(version);
    co_return response;
}

awaitable<Response> read_event(server::Reads& reads, Request& request) {
    QueryReader given{request, {"mode"}};
    const auto mode = given.word("mode", {"structured", "binary"});
    const auto version = given.number(request.parameter("version"), {"version", 1, INT64_MAX});
    if (auto refused = given.refused()) co_return *std::move(refused);
    StreamQuery query;
    query.stream = request.parameter("stream");
    if (!may_read(request.caller.get(), query.stream)) co_return no_such_stream(query.stream);
    query.from = static_cast<Version>(*version);
    query.max_events = 1;
    const auto page = reads.log().read_stream(query);
    if (!page) co_return problem_of(page.error());
    if (page->events.empty()) {
        const auto newest = newest_of(reads.log(), query.stream);
        if (!newest) co_return problem_of(newest.error());
        if (!*newest) co_return no_such_stream(query.stream);
        co_return problem(404, "no_such_event",
                          fmt::format("{} is at version {}", query.stream, (*newest)->version),
                          "version");
    }
    const auto& event = *page->events.front();
    if (mode == "binary") co_return binary_event(event);
    std::string body;
    eventstore::append_event_json(body, event);
    auto response = http::json(200, std::move(body));
    response.content_type = cloud_event_type;
    co_return response;
}

}  // namespace yeyak::api
