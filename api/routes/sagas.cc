#include "api/routes/sagas.h"

#include <fmt/format.h>

#include "aggregates/engine/unit.h"
#include "api/routes/command.h"
#include "api/routes/route_docs.h"
#include "api/routes/saga_json.h"
#include "api/routes/view_page.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;

constexpr std::string_view tag = "operation";

const ViewResource sagas{.view = "sagas",
                         .path = "sagas",
                         .item = "saga",
                         .filters = {"saga", "state", "status", "correlationId"},
                         .indexed = {"saga", "state", "status"},
                         .sortable = {"id", "steps", "startedAt", "changedAt"},
                         .key = ViewResource::Key::text,
                         .words = {{"status", {"open", "ended"}}}};

constexpr Refusal refusals[] = {
    {"saga_not_found", 404, "there is no such saga; GET /sagas lists them"},
    {"nothing_to_do", 409, "there is nothing to retry or to undo as this saga stands"},
};
constexpr CommandRoute retry_route{"sagas/retry", "saga", refusals, refusals[0].code};
constexpr CommandRoute compensate_route{"sagas/compensate", "saga", refusals, refusals[0].code};

Response no_such_saga() { return problem(404, "saga_not_found", refusals[0].detail, "id"); }

// The whole stream of a saga: it has as many steps as its business has, which are few.
StoreResult<std::vector<EventPtr>> steps_of(const server::Reads& reads, const std::string& id) {
    std::vector<EventPtr> steps;
    for (;;) {
        eventstore::StreamQuery query;
        query.stream = id;
        query.from = steps.size() + 1;
        auto page = reads.log().read_stream(query);
        if (!page) return std::unexpected(std::move(page).error());
        for (auto& event : page->events) steps.push_back(std::move(event));
        if (page->end) return steps;
    }
}

Response read(const server::Reads& reads, const Request& request) {
    const std::string id{request.parameter("id")};
    if (!reads.find_saga(eventstore::category_of(id))) return no_such_saga();
    const auto steps = steps_of(reads, id);
    if (!steps) return problem_of(steps.error());
    if (steps->empty()) return no_such_saga();
    auto json = saga_json(reads, *steps);
    if (!json) return problem_of(json.error());
    auto response = http::json(200, *std::move(json));
    response.revision = std::to_string(steps->size());
    return response;
}

awaitable<Response> operate(server::Commands& commands, server::Reads& reads, Request& request,
                            SagaOrder order) {
    const std::string id{request.parameter("id")};
    const std::string category{eventstore::category_of(id)};
    if (!reads.find_saga(category)) co_return no_such_saga();
    auto decide = [category, number = id.substr(std::min(id.size(), category.size() + 1)),
                   order](Unit& unit) { return unit.operate(category, number, order); };
    const auto& route = order == SagaOrder::retry ? retry_route : compensate_route;
    const auto reply =
        co_await run_command(commands, request, route, std::string{nobody}, std::move(decide), id);
    if (!reply) co_return reply.error();
    auto response = read(reads, request);
    finish(response, *reply);
    co_return response;
}

constexpr std::string_view what_is_told =
    "its timeline, what it waits for, what each order would do";

http::RouteDoc doc(std::string summary) {
    http::RouteDoc made;
    made.tag = tag;
    made.summary = std::move(summary);
    made.parameters = {{"id", "path", "string", true, "such as prereservation.checkout-17"}};
    made.responses = {refused(404, "there is no such saga")};
    return made;
}

http::RouteDoc read_doc() {
    auto made = doc("Read the timeline of a saga");
    made.responses.push_back(
        {200, std::string{what_is_told}, "application/json", saga_schema(), ""});
    describe_revision(made);
    return made;
}

http::RouteDoc order_doc(std::string summary) {
    auto made = doc(std::move(summary));
    made.accepts = {};
    made.parameters.push_back(actor());
    made.parameters.push_back(idempotency_key());
    made.responses.push_back(
        recorded(200, std::string{what_is_told}, "application/json", saga_schema()));
    made.responses.push_back(refused(409, "there is nothing to do for it"));
    describe_conditions(made);
    return made;
}

}  // namespace

void add_saga_routes(http::Router& router, server::Commands& commands, server::Reads& reads) {
    router.add(
        {http::Method::get, "/sagas",
         [&reads](Request& request) { return answer_list(reads, Mount{}, sagas, request, {}); },
         list_doc(reads, sagas, tag)});
    router.add({http::Method::get, "/sagas/{id}",
                at_once([&reads](Request& request) { return read(reads, request); }), read_doc()});
    router.add(
        {http::Method::post, "/sagas/{id}/retry",
         [&](Request& request) { return operate(commands, reads, request, SagaOrder::retry); },
         order_doc("Send again what a saga still waits for")});
    router.add(
        {http::Method::post, "/sagas/{id}/compensate",
         [&](Request& request) { return operate(commands, reads, request, SagaOrder::compensate); },
         order_doc("Undo what a saga has done")});
}

}  // namespace yeyak::api
