#include "api/routes/row_history.h"

#include <fmt/format.h>

#include "api/access/ownership.h"
#include "api/routes/as_of.h"
#include "api/routes/common.h"
#include "api/routes/route_docs.h"
#include "api/routes/schema.h"
#include "server/history.h"
#include "server/platform.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;

// Reading goes on when nobody waits any more, and is thrown away.
constexpr std::chrono::seconds read_wait{60};

std::string json_text(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::expected<server::HistoryCall, Response> read_call(server::Reads& reads,
                                                       const Request& request) {
    server::HistoryCall call;
    const std::string name{request.parameter("name")};
    call.query.view = projections::find_view(reads.platform().views, name);
    if (!call.query.view)
        return std::unexpected(
            problem(404, "no_such_view",
                    fmt::format("there is no view {}; GET /projections lists them", name), "name"));
    call.query.key = request.parameter("key");
    const auto head = reads.log().head();
    const auto most = static_cast<std::int64_t>(head);
    QueryReader query{request, {"asOf", "after", "limit", "without"}};
    const auto as_of = as_of_asked(query);
    call.after = static_cast<Position>(query.number({"after", 0, most}).value_or(0));
    call.limit = static_cast<std::size_t>(query.number({"limit", 1, 1000}).value_or(100));
    call.query.without = static_cast<Position>(query.number({"without", 1, most}).value_or(0));
    if (auto refused = query.refused()) return std::unexpected(*std::move(refused));
    const auto last = as_of ? position_asked(reads, *as_of) : head;
    if (!last) return std::unexpected(last.error());
    call.query.last = *last;
    return call;
}

std::string body_of(const server::HistoryCall& call, const server::HistoryPage& page) {
    const auto& history = page.history;
    const auto next = page.end ? "null" : std::to_string(page.next_after);
    const auto without = call.query.without == 0 ? "null" : std::to_string(call.query.without);
    const auto first = history.unreadable == 0 ? "null" : json_text(history.first_unreadable);
    return fmt::format(
        R"({{"view":{},"key":{},"position":{},"eventCount":{},"without":{},"row":{},)"
        R"("unreadable":{},"firstUnreadable":{},"events":[{}],"nextAfter":{},"end":{}}})",
        json_text(call.query.view->name()), json_text(call.query.key), call.query.last,
        history.events, without, history.row ? history.row->json : "null", history.unreadable,
        first, fmt::join(page.events, ","), next, page.end);
}

awaitable<Response> row_history(server::Reads& reads, Request& request) {
    const auto call = read_call(reads, request);
    if (!call) co_return call.error();
    const auto page = co_await reads.history(*call, read_wait);
    if (!page)
        co_return problem_of(server::PastError{server::PastError::Kind::busy, "it takes too long"},
                             "", "");
    if (!*page) {
        const auto command = fmt::format("yeyak replay explain --view {} --key {} --data DIR",
                                         call->query.view->name(), call->query.key);
        co_return problem_of(page->error(), "key", command);
    }
    const auto& history = (*page)->history;
    const auto is_there = rows_for(reads, request, *call->query.view, nullptr);
    StoreResult<bool> shown = true;
    if (is_there) shown = history.row ? is_there(history.row->json) : StoreResult<bool>{false};
    if (!shown) co_return problem_of(shown.error());
    if (call->query.without > 0 && !(*shown && history.left_out))
        co_return problem(422, "not_of_this_row",
                          fmt::format("event {} did not make row {} of {}", call->query.without,
                                      call->query.key, call->query.view->name()),
                          "without");
    if ((history.events == 0 || !*shown) && call->query.without == 0)
        co_return problem(404, "not_found",
                          fmt::format("no event up to {} made a row {} of {}", call->query.last,
                                      call->query.key, call->query.view->name()),
                          "key");
    auto response = http::json(200, body_of(*call, **page));
    response.headers.add("Yeyak-Position", std::to_string(call->query.last));
    co_return response;
}

std::string history_schema() {
    const auto change =
        schema::object({{"field", schema::text}, {"before", schema::any}, {"after", schema::any}});
    const auto event = schema::object({{"position", schema::number},
                                       {"type", schema::text},
                                       {"stream", schema::text},
                                       {"version", schema::number},
                                       {"time", schema::time},
                                       {"actor", schema::text},
                                       {"causationId", schema::text},
                                       {"correlationId", schema::text},
                                       {"changes", schema::list(change)}});
    return schema::object(
        {{"view", schema::text},
         {"key", schema::text},
         {"position", schema::number},
         {"eventCount", schema::number},
         {"without", schema::number_or_null},
         {"row", R"({"type":["object","null"],"description":"as the view has it"})"},
         {"unreadable", schema::number},
         {"firstUnreadable", schema::text_or_null},
         {"events", schema::list(event)},
         {"nextAfter", schema::number_or_null},
         {"end", schema::truth}});
}

http::RouteDoc history_doc() {
    http::RouteDoc doc;
    doc.tag = "operation";
    doc.summary = "Which events made a row, and what each changed";
    doc.description =
        "Reads all events of the view's categories up to the end, or to asOf, for each page.";
    doc.parameters = {
        {"name", "path", "string", true, "as GET /projections lists it"},
        {"key", "path", "string", true, "the id of the row, number or text"},
        number_doc("after", 0, INT64_MAX, "events after this position; nextAfter of a page"),
        number_doc("limit", 1, 1000, "1 to 1000 events, 100"),
        number_doc("without", 1, INT64_MAX,
                   "the row as if the event at this position had never been"),
        {"asOf", "query", "string", false, "up to this position or time (RFC 3339)"}};
    doc.responses = {{200,
                      "a page of events, and the row that all make",
                      "application/json",
                      history_schema(),
                      "",
                      {"Yeyak-Position"}},
                     refused(404, "there is no such view, or no event made such a row"),
                     refused(409, "asOf is beyond the log"),
                     refused(422, "as_of_too_far, or the event of without did not make the row"),
                     refused(503, "too much of the past is being read")};
    return doc;
}

}  // namespace

void add_row_history_route(http::Router& router, server::Reads& reads) {
    router.add({http::Method::get, "/projections/{name}/rows/{key}/history",
                [&reads](Request& request) { return row_history(reads, request); }, history_doc()});
}

}  // namespace yeyak::api
