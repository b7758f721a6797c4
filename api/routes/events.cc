#include <fmt/format.h>

#include <algorithm>

#include "api/access/own_streams.h"
#include "api/http/places.h"
#include "api/routes/common.h"
#include "api/routes/query.h"
#include "api/routes/stream_reads.h"
#include "api/routes/streams.h"
#include "api/routes/streams_docs.h"
#include "eventstore/event_json.h"
#include "eventstore/tail.h"
#include "kernel/percent.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;

constexpr std::size_t feed_page = 256;
// What is read before others have their turn: some milliseconds of work.
constexpr std::size_t events_of_a_step = 128;
constexpr std::size_t entries_of_a_step = 2'000;
// A filter that finds little is answered with what it found in so many steps, and where to go on.
constexpr int steps_of_a_page = 500;
constexpr std::size_t page_bytes = 4 << 20;
constexpr std::size_t most_values = 64;
// A piece ends after so many bytes; one event alone may be larger.
constexpr std::size_t feed_bytes = 32 << 10;
// A comment line at least this often keeps proxies and clients from giving up on a quiet feed.
constexpr std::chrono::seconds heartbeat{15};
// After how long a client that is ahead of the log tries again.
constexpr std::chrono::milliseconds come_back{5'000};

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
    query.max_steps = entries_of_a_step;
    return store.read_all(query);
}

void append_sse(std::string& out, const eventstore::RecordedEvent& event, bool named) {
    std::string json;
    eventstore::append_event_json(json, event);
    if (named) out += fmt::format("event: {}\n", event.data.type);
    out += "data: ";
    // JSON may hold line ends between its tokens, a data line may not.
    for (const char c : json)
        if (c != '\n' && c != '\r') out += c;
    // Last: there are clients that take an id as seen before its event is whole, and a connection
    // that breaks in between would lose the event to them.
    out += fmt::format("\nid: {}\n\n", event.position);
}

// What a feed is asked for.
struct Wish {
    Position after = 0;
    eventstore::Filter filter;
    bool named = true;  // each event has its type as its name
    std::shared_ptr<const http::Caller> reader = {};
};

// What a feed sends at once, and where it goes on. No event is kept for longer than this takes: a
// client that does not read holds one piece and nothing else.
struct Piece {
    std::string text;
    Position after = 0;
};

StoreResult<Piece> next_piece(const eventstore::EventStore& store, const Wish& wish) {
    const auto page = feed_read(store, wish.after, wish.filter);
    if (!page) return std::unexpected(page.error());
    Piece piece{"", page->next_after};
    for (const auto& event : page->events) {
        if (may_read(wish.reader.get(), event->stream)) append_sse(piece.text, *event, wish.named);
        if (piece.text.size() < feed_bytes || event == page->events.back()) continue;
        piece.after = event->position;
        break;
    }
    return piece;
}

using PlacePtr = std::shared_ptr<http::Places::Place>;

awaitable<void> feed(server::Reads& reads, Wish wish, PlacePtr place, http::StreamWriter& writer) {
    using Clock = std::chrono::steady_clock;
    const auto occupied = place->occupy(writer);
    const auto executor = co_await boost::asio::this_coro::executor;
    auto told = Clock::now();
    while (!writer.closing()) {
        co_await writer.turn();
        const auto news = reads.watch_growth(executor);
        auto piece = next_piece(reads.log(), wish);
        if (!piece) co_return;  // the client resumes with Last-Event-ID and hears of the error
        if (piece->after == wish.after) {
            writer.on_closing([news] { news->end(); });
            const auto rest = std::max(Clock::duration{0}, told + heartbeat - Clock::now());
            co_await news->wait(std::chrono::ceil<std::chrono::milliseconds>(rest));
            writer.on_closing({});
        }
        wish.after = piece->after;
        // Also when the log grows all the time, but by nothing that this feed shows.
        if (piece->text.empty() && Clock::now() - told >= heartbeat) piece->text = ":\n\n";
        if (piece->text.empty()) continue;
        const bool sent = co_await writer.write(std::move(piece->text));
        if (!sent) co_return;
        told = Clock::now();
    }
}

// The same request, after a position.
std::string next_of(const Request& request, Position after) {
    auto link = fmt::format("/events?after={}", after);
    for (const auto& [name, value] : request.query)
        if (name != "after") link += fmt::format("&{}={}", name, percent_encode(value));
    return link;
}

// Reads in steps, so that others have their turns in between.
awaitable<Response> page_of(const eventstore::EventStore& store, eventstore::AllQuery query,
                            std::size_t limit, const Request& request) {
    query.max_steps = entries_of_a_step;
    std::string body = "[";
    bool end = false;
    std::size_t found = 0;
    for (int step = 0; step < steps_of_a_page; ++step) {
        query.max_events = std::min(limit - found, events_of_a_step);
        const auto page = store.read_all(query);
        if (!page) co_return problem_of(page.error());
        for (const auto& event : page->events) {
            if (!may_read(request.caller.get(), event->stream)) continue;
            if (body.back() != '[') body += ',';
            eventstore::append_event_json(body, *event);
            ++found;
        }
        query.after = page->next_after;
        end = page->end;
        if (end || found == limit || body.size() >= page_bytes) break;
        if (request.gone()) co_return http::nobody_waits();
        co_await request.let_others_go();
    }
    body += ']';
    if (request.preferred_type == cloud_event_batch_type)
        co_return batch_of(std::move(body), end ? "" : next_of(request, query.after));
    co_return http::json(
        200, fmt::format("{{\"events\":{},\"nextAfter\":{},\"end\":{},\"head\":{}}}", body,
                         query.after, end, store.head()));
}

Response too_many_feeds() {
    auto response = problem(503, "too_many_feeds",
                            "the server has as many feeds as it takes, or your address has half of "
                            "them; who does not read loses its place");
    response.headers.add("Retry-After", "5");
    return response;
}

// What is looked for, of the values of these filters together.
eventstore::Filter filter_asked(const Request& request, QueryReader& query) {
    auto filter = filter_of(request);
    if (filter.values() <= most_values) return filter;
    for (const auto* name : {"category", "type", "tag"})
        if (request.query.contains(name)) {
            query.refuse(
                name, fmt::format("and the filters beside it have at most {} values", most_values));
            break;
        }
    return filter;
}

// The log ends before the position that a client has: it was restored from a backup, or is another
// one. Only an answer with status 200 lets an EventSource come back, so it is told and comes back
// until it is given another position or the log is there.
awaitable<void> beyond(Position wanted, Position head, http::StreamWriter& writer) {
    co_await writer.write(
        fmt::format("retry: {}\nevent: beyond_the_log\ndata: {{\"position\":{},\"head\":{}}}\n\n",
                    come_back.count(), wanted, head));
}

// Last-Event-ID, as browsers send it, then lastEventId for pages that begin with a position, then
// after. An empty one is none.
Position resume_of(const Request& request, QueryReader& query) {
    for (const auto& [name, given] : {std::pair{"Last-Event-ID", request.header("Last-Event-ID")},
                                      std::pair{"lastEventId", query.text("lastEventId")},
                                      std::pair{"after", query.text("after")}}) {
        if (!given || given->empty()) continue;
        return static_cast<Position>(query.number(given, {name, 0, INT64_MAX}).value_or(0));
    }
    return 0;
}

Response follow(server::Reads& reads, http::Places& places, const Request& request) {
    QueryReader query{request, {"after", "lastEventId", "category", "type", "tag", "named"}};
    auto filter = filter_asked(request, query);
    const auto named = query.word("named", {"true", "false"});
    const auto from = resume_of(request, query);
    if (auto refused = query.refused()) return *std::move(refused);
    const auto head = reads.log().head();
    if (from > head)
        return http::event_stream(
            [from, head](http::StreamWriter& writer) { return beyond(from, head, writer); });
    const auto place = places.take(request.peer);
    if (!place) return too_many_feeds();
    const Wish wish{from, std::move(filter), named != "false", request.caller};
    return http::event_stream([&reads, wish, place](http::StreamWriter& writer) {
        return feed(reads, wish, place, writer);
    });
}

awaitable<Response> events(server::Reads& reads, http::Places& places, Request& request) {
    if (request.preferred_type == "text/event-stream") co_return follow(reads, places, request);
    QueryReader given{request, {"after", "category", "type", "tag", "limit"}};
    const auto head = static_cast<std::int64_t>(reads.log().head());
    const auto limit = given.number({"limit", 1, 1000});
    eventstore::AllQuery query;
    query.after = static_cast<Position>(given.number({"after", 0, head}).value_or(0));
    query.filter = filter_asked(request, given);
    if (auto refused = given.refused()) co_return *std::move(refused);
    co_return co_await page_of(reads.log(), query, static_cast<std::size_t>(limit.value_or(100)),
                               request);
}

}  // namespace

void add_event_routes(http::Router& router, server::Reads& reads,
                      std::shared_ptr<http::Places> feeds) {
    router.add({http::Method::get, "/events",
                [&reads, places = std::move(feeds)](Request& request) {
                    return events(reads, *places, request);
                },
                streams_docs::events()});
}

}  // namespace yeyak::api
