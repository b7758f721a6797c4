#include <fmt/format.h>

#include "api/routes/common.h"
#include "api/routes/streams.h"
#include "api/routes/streams_docs.h"
#include "eventstore/event_json.h"
#include "eventstore/tail.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;

constexpr std::size_t feed_page = 256;
// A piece ends after so many bytes; one event alone may be larger.
constexpr std::size_t feed_bytes = 32 << 10;
// A comment line at least this often keeps proxies and clients from giving up on a quiet feed.
constexpr std::chrono::seconds heartbeat{15};

std::vector<std::string> values(const Request& request, std::string_view name) {
    std::vector<std::string> all;
    for (const auto value : request.query.all(name)) all.emplace_back(value);
    return all;
}

eventstore::Filter filter_of(const Request& request) {
    return {values(request, "category"), values(request, "type"), values(request, "tag")};
}

// From memory while the feed keeps up, from disk (by index) while it is behind.
StoreResult<eventstore::Page> feed_read(const eventstore::EventStore& store, Position after,
                                        const eventstore::Filter& filter) {
    if (auto live = store.tail().read(after, feed_page)) {
        eventstore::Page page;
        page.next_after = after;
        for (auto& event : *live) {
            page.next_after = event->position;
            if (filter.matches(event->stream, event->data)) page.events.push_back(std::move(event));
        }
        return page;
    }
    eventstore::AllQuery query;
    query.after = after;
    query.filter = filter;
    query.max_events = feed_page;
    query.max_bytes = feed_bytes;
    return store.read_all(query);
}

void append_sse(std::string& out, const eventstore::RecordedEvent& event) {
    std::string json;
    eventstore::append_event_json(json, event);
    out += fmt::format("id: {}\nevent: {}\ndata: ", event.position, event.data.type);
    // JSON may hold line ends between its tokens, a data line may not.
    for (const char c : json)
        if (c != '\n' && c != '\r') out += c;
    out += "\n\n";
}

// What a feed sends at once, and where it goes on. No event is kept for longer than this takes: a
// client that does not read holds one piece and nothing else.
struct Piece {
    std::string text;
    Position after = 0;
};

StoreResult<Piece> next_piece(const eventstore::EventStore& store, Position after,
                              const eventstore::Filter& filter) {
    const auto page = feed_read(store, after, filter);
    if (!page) return std::unexpected(page.error());
    Piece piece{"", page->next_after};
    for (const auto& event : page->events) {
        append_sse(piece.text, *event);
        if (piece.text.size() < feed_bytes || event == page->events.back()) continue;
        piece.after = event->position;
        break;
    }
    return piece;
}

awaitable<void> feed(server::Reads& reads, Position after, eventstore::Filter filter,
                     http::StreamWriter& writer) {
    const auto executor = co_await boost::asio::this_coro::executor;
    while (!writer.closing()) {
        co_await writer.turn();
        const auto news = reads.watch_growth(executor);
        auto piece = next_piece(reads.log(), after, filter);
        if (!piece) co_return;  // the client resumes with Last-Event-ID and hears of the error
        if (piece->after == after) {
            writer.on_closing([news] { news->end(); });
            const auto grown = co_await news->wait(heartbeat);
            writer.on_closing({});
            if (!grown) piece->text = ":\n\n";
        }
        after = piece->after;
        if (piece->text.empty()) continue;
        const bool sent = co_await writer.write(std::move(piece->text));
        if (!sent) co_return;
    }
}

awaitable<Response> events(server::Reads& reads, Request& request) {
    if (auto unknown =
            refuse_unknown_parameters(request, {"after", "category", "type", "tag", "limit"}))
        co_return *std::move(unknown);
    const auto head = static_cast<std::int64_t>(reads.log().head());
    auto after = number_of(request.query.find("after"), {"after", 0, head});
    if (!after) co_return after.error();
    const auto limit = number_of(request.query.find("limit"), {"limit", 1, 1000});
    if (!limit) co_return limit.error();
    const auto filter = filter_of(request);
    if (request.preferred_type == "text/event-stream") {
        const auto resume = number_of(request.header("Last-Event-ID"), {"Last-Event-ID", 0, head});
        if (!resume) co_return resume.error();
        const auto from = static_cast<Position>(resume->value_or(after->value_or(0)));
        co_return http::event_stream([&reads, from, filter](http::StreamWriter& writer) {
            return feed(reads, from, filter, writer);
        });
    }
    eventstore::AllQuery query;
    query.after = static_cast<Position>(after->value_or(0));
    query.filter = filter;
    query.max_events = static_cast<std::size_t>(limit->value_or(100));
    const auto page = reads.log().read_all(query);
    if (!page) co_return problem_of(page.error());
    std::string body = "{\"events\":[";
    for (const auto& event : page->events) {
        if (body.back() != '[') body += ',';
        eventstore::append_event_json(body, *event);
    }
    body += fmt::format("],\"nextAfter\":{},\"end\":{},\"head\":{}}}", page->next_after, page->end,
                        reads.log().head());
    co_return http::json(200, std::move(body));
}

}  // namespace

void add_event_routes(http::Router& router, server::Reads& reads) {
    router.add({http::Method::get, "/events",
                [&reads](Request& request) { return events(reads, request); },
                streams_docs::events()});
}

}  // namespace yeyak::api
