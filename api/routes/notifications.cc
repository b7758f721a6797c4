#include "api/routes/notifications.h"

#include <algorithm>

#include "api/routes/command.h"
#include "api/routes/row_at.h"
#include "api/routes/view_page.h"
#include "projections/notification/notifications.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::Request;
using http::Response;
using notification::Contract;

constexpr std::string_view tag = "notifications";

const ViewResource notifications{.view = "notifications",
                                 .path = "notifications",
                                 .item = "notification",
                                 .filters = {"status", "recipient", "kind", "context"},
                                 .indexed = {"status", "recipient", "kind"},
                                 .sortable = {"id", "createdAt", "modifiedAt", "attempts"},
                                 .key = ViewResource::Key::text};

constexpr Refusal refusals[] = {
    {"notification_unknown", 404, "there is no such notification"},
    {"notification_not_dead", 409,
     "only a notification that was given up (status dead) can be replayed"},
};

// Ids are made by rules, of these characters; anything else names no notification.
bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

awaitable<Response> replay(Runtime& runtime, Request& request) {
    const std::string id{request.parameter("id")};
    if (!is_id(id)) co_return http::problem(404, refusals[0].code, refusals[0].detail, "id");
    const CommandRoute route{"notifications/replay", Contract::context(id), refusals};
    auto decide = [id](Unit& unit) {
        return unit.execute<Contract>(id, notification::Replay{unit.cause().actor});
    };
    const auto reply = co_await run_command(runtime, request, route, "operator", std::move(decide));
    if (!reply) co_return reply.error();
    const auto row = row_at<projections::Notifications, Contract>(runtime, *reply);
    if (!row) co_return problem_of(row.error());
    Response response;
    response.status = 202;
    response.content_type = "application/hal+json";
    response.body = hal_row(base_of(request), Mount{""}, notifications, id, *row);
    finish(response, *reply);
    co_return response;
}

http::RouteDoc replay_doc() {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Deliver a notification that was given up";
    doc.description =
        "Its attempts are counted from the beginning; X-Actor says who wants it. The receiver gets "
        "the same id as before.";
    doc.parameters = {{"id", "path", "string", true, "of the notification"},
                      {"X-Actor", "header", "string", false, "the operator"},
                      {"Idempotency-Key", "header", "string", false,
                       "repeating a request with the same key has no second effect"}};
    doc.responses = {
        {202, "it is on its way", "application/hal+json", "", ""},
        {404, "there is no such notification", "application/problem+json", "", ""},
        {409, "it is not dead", "application/problem+json", "", ""},
        {503, "the notification context is stopped", "application/problem+json", "", ""}};
    doc.accepts = {};
    doc.produces = {"application/hal+json", "application/json"};
    return doc;
}

}  // namespace

void add_notification_routes(http::Router& router, Runtime& runtime) {
    add_view_routes(router, runtime, Mount{""}, notifications, tag);
    router.add({http::Method::post, "/notifications/{id}/replay",
                [&runtime](Request& request) { return replay(runtime, request); }, replay_doc()});
}

}  // namespace yeyak::api
