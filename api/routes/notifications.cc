#include "api/routes/notifications.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregates/engine/unit.h"
#include "api/routes/command.h"
#include "api/routes/route_docs.h"
#include "api/routes/row_at.h"
#include "api/routes/view_page.h"
#include "kernel/json_schema.h"
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
                                 .key = ViewResource::Key::text,
                                 .words = {{"status", notification_words()}}};

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

// A message to whoever asks for it, to try the channel before a customer's message does.
Verdict try_channel(Unit& unit) {
    if (!unit.is_up(Contract::context("operator"))) return Verdict::context_down();
    const auto number = unit.next_number("notification");
    notification::NotificationRequested message;
    message.id = fmt::format("operator-test-{}", number);
    message.recipient = unit.cause().actor;
    message.subject = "notifications";
    message.kind = "test";
    message.text_ko = "알림 시험입니다";
    message.text_en = "This is a test of notifications";
    return unit.execute<Contract>(message.id, notification::Notify{message});
}

// The answer is the row as the command left it; what becomes of the delivery is seen later.
awaitable<Response> run(server::Commands& commands, server::Reads& reads, Request& request,
                        CommandRoute route, Command command, std::string stream = {}) {
    const auto reply = co_await run_command(commands, request, route, std::string{nobody},
                                            std::move(command), std::move(stream));
    if (!reply) co_return reply.error();
    const auto row = row_at<projections::Notifications, Contract>(reads, *reply);
    if (!row) co_return problem_of(row.error());
    const auto id = reply->stream.substr(Contract::category.size() + 1);
    Response response;
    response.status = 202;
    response.content_type = "application/hal+json";
    response.body = hal_row(request.base, Mount{""}, notifications, id, *row);
    response.headers.add("Location", fmt::format("{}/notifications/{}", request.base, id));
    finish(response, *reply);
    co_return response;
}

awaitable<Response> replay(server::Commands& commands, server::Reads& reads, Request& request) {
    const std::string id{request.parameter("id")};
    if (!is_id(id)) co_return http::problem(404, refusals[0].code, refusals[0].detail, "id");
    const CommandRoute route{"notifications/replay", Contract::context(id), refusals,
                             refusals[0].code};
    auto decide = [id](Unit& unit) {
        return unit.execute<Contract>(id, notification::Replay{unit.cause().actor});
    };
    auto response = co_await run(commands, reads, request, route, std::move(decide),
                                 yeyak::stream_of(Contract::category, id));
    co_return response;
}

awaitable<Response> test(server::Commands& commands, server::Reads& reads, Request& request) {
    const CommandRoute route{"notifications/test", Contract::context("operator"), refusals};
    auto response = co_await run(commands, reads, request, route, &try_channel);
    co_return response;
}

http::RouteDoc command_doc(std::string summary, std::string description) {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = std::move(summary);
    doc.description = std::move(description);
    doc.parameters = {actor(), idempotency_key()};
    doc.responses = {
        recorded(202, "it is on its way", "application/hal+json",
                 schema::hal_row(json_schema<projections::NotificationRow>(), notifications.item)),
        refused(503, "the notification context is stopped")};
    doc.accepts = {};
    doc.produces = {"application/hal+json", "application/json"};
    return doc;
}

http::RouteDoc replay_doc() {
    auto doc = command_doc("Deliver a notification that was given up",
                           "Its attempts are counted from the beginning; X-Actor says who wants "
                           "it. The receiver gets the same id as before.");
    doc.parameters.push_back({"id", "path", "string", true, "of the notification"});
    doc.responses.push_back(refused(404, "there is no such notification"));
    doc.responses.push_back(refused(409, "it is not dead"));
    describe_conditions(doc);
    return doc;
}

http::RouteDoc test_doc() {
    return command_doc("Try the channel",
                       "Sends a notification of kind test to the operator, on the way that all "
                       "notifications take.");
}

}  // namespace

void add_notification_routes(http::Router& router, server::Commands& commands,
                             server::Reads& reads) {
    add_view_routes(router, reads, Mount{""}, notifications, tag);
    router.add({http::Method::post, "/notifications/{id}/replay",
                [&](Request& request) { return replay(commands, reads, request); }, replay_doc()});
    router.add({http::Method::post, "/notifications/test",
                [&](Request& request) { return test(commands, reads, request); }, test_doc()});
}

}  // namespace yeyak::api
