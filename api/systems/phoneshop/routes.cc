#include "api/systems/phoneshop/routes.h"

#include <fmt/format.h>

#include "aggregates/engine/people.h"
#include "aggregates/phoneshop/front_desk.h"
#include "aggregates/phoneshop/store_order_contract.h"
#include "api/routes/answer_row.h"
#include "api/routes/command.h"
#include "api/systems/phoneshop/body.h"
#include "api/systems/phoneshop/docs.h"
#include "api/systems/phoneshop/settings.h"
#include "kernel/edge/log.h"
#include "kernel/match.h"
#include "privacy/sealer.h"
#include "privacy/vault.h"
#include "projections/phoneshop/orders.h"
#include "projections/phoneshop/store_manages.h"
#include "projections/runner/row_fields.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;
using namespace phoneshop;
using projections::PhoneOrders;
using projections::StoreManages;

constexpr std::string_view system_name = "phoneshop";

// A cancelled order is still shown by its number; one that was not paid never was.
bool came_into_existence(std::string_view row) {
    return projections::text_of(projections::field_of(row, "status")) != "OrderRejected";
}

const ViewResource orders{.view = "phoneshop.orders",
                          .path = "orders",
                          .item = "order",
                          .filters = {"status", "item", "store"},
                          .indexed = {"status"},
                          .sortable = {"id", "qty", "price", "createdAt", "modifiedAt"},
                          .hides_cancelled = true,
                          .shown_by_id = &came_into_existence,
                          .words = {{"status",
                                     {"Ordered", "Payed", "Shipped", "OrderCancelled",
                                      "PayCancelled", "OrderRejected"}}}};
const ViewResource payments{.view = "phoneshop.payments",
                            .path = "payments",
                            .item = "payment",
                            .filters = {"process"},
                            .indexed = {"process"},
                            .sortable = {"id", "price", "createdAt", "modifiedAt"},
                            .hides_cancelled = true,
                            .words = {{"process",
                                       {"Ordered", "Payed", "Pay Cancelling", "Pay Cancelled",
                                        "Pay Declined", "Pay Failed"}}}};
const ViewResource store_manages{.view = "phoneshop.storeManages",
                                 .path = "storeManages",
                                 .item = "storeManage",
                                 .filters = {"process", "item", "store"},
                                 .indexed = {"process"},
                                 .sortable = {"id", "qty", "price", "createdAt", "modifiedAt"},
                                 .hides_cancelled = true,
                                 .words = {{"process", {"Payed", "Shipped", "OrderCancelled"}}}};
const ViewResource customers{.view = "phoneshop.customers",
                             .path = "customers",
                             .item = "customer",
                             .filters = {"status", "item"},
                             .indexed = {"status"},
                             .sortable = {"id", "qty", "price", "status", "orderedAt"},
                             .hides_cancelled = true,
                             .words = {{"status",
                                        {"Ordered", "Payed", "Shipped", "OrderCancelled",
                                         "Pay Cancelled", "OrderRejected"}}}};

constexpr Refusal refusals[] = {
    {"order_not_found", 404, "there is no such order"},
    {"order_rejected", 404, "the order was not paid and never came into existence"},
    {"order_cancelled", 404, "the order has been cancelled"},
    {"order_shipped", 409, "the phone has left the store (이미 배송된 주문은 취소할 수 없습니다)"},
};
constexpr Refusal store_refusals[] = {
    {"order_not_found", 404, "there is no such order; the store takes paid orders only"},
    {"order_not_paid", 409, "the order is not paid yet"},
    {"order_cancelled", 409, "the order has been cancelled"},
};
constexpr CommandRoute order_route{"phoneshop/order", "app", refusals};
constexpr CommandRoute cancel_route{"phoneshop/cancel", "app", refusals, "order_not_found"};
constexpr CommandRoute receive_route{"phoneshop/receive", "store", store_refusals};

constexpr std::string_view overloaded =
    "결제 서비스 과부하로 주문을 잠시 받지 않습니다 (payment service overloaded or down: "
    "orders are not taken for a moment)";

OrderPlaced order_of(const Server& at, const PhoneOrderBody& body, const privacy::Sealer& seal) {
    OrderPlaced order;
    order.item = body.item;
    order.qty = body.qty;
    order.price = body.price.value_or(Won{});
    order.store = body.store.value_or("");
    order.shipping_delay_ms = at.config.of<PhoneshopSettings>().shipping_delay_ms;
    if (body.address) order.address = seal(*body.address);
    if (!body.card_no) return order;
    auto card = at.commands.vault().card(*body.card_no);
    ensure(card.has_value(), "the body's card number is one");
    order.card_no = seal(card->masked);
    order.card_token = std::move(card->token);
    return order;
}

// Nobody is known here as a person, so every order that says something of one has a key of its own.
// A repeated request means the same order: of the same caller, to whom his key belongs.
std::string person_of(const Request& request, const PhoneOrderBody& body) {
    if (body.address.value_or(privacy::Address{}).empty() && !body.card_no) return {};
    if (const auto key = request.header("Idempotency-Key")) {
        const auto whose = request.caller ? " " + request.caller->subject : std::string{};
        return person_name(system_name, "request", fmt::format("key/{}{}", *key, whose));
    }
    return person_name(system_name, "request",
                       "random/" + privacy::to_hex(privacy::random_bytes(16)));
}

// The end of the wait: the payment is known, or nobody waits for it any more.
bool is_decided(const eventstore::RecordedEvent& event) {
    return event.data.type == OrderPaid::type || event.data.type == OrderRejected::type ||
           event.data.type == OrderCancelled::type;
}

Response not_ordered(const Request& request, const OrderRejected& event) {
    const bool declined = event.reason == RejectReason::payment_declined;
    http::Problem refused;
    refused.status = declined ? 402 : 503;
    refused.code = boost::describe::enum_to_string(event.reason, "payment_unavailable");
    refused.detail = declined ? "결제가 거절되었습니다 (the card was declined)" : overloaded;
    if (request.header("Idempotency-Key"))
        refused.detail += "; this key keeps this answer, try again with a new one";
    refused.extra = {{"id", std::to_string(event.id)}};
    auto response = http::problem(refused);
    if (declined) return response;
    response.headers.add("Retry-After", "5");
    log::warning("payment_fallback",
                 {{"order", event.id}, {"code", refused.code}, {"message", overloaded}},
                 request.correlation_id);
    return response;
}

// Follows from the stream alone, so that a repeated request gets the same answer.
Response answer(const Server& at, const Request& request, const Mount& mount,
                const server::Awaited& awaited) {
    auto reply = awaited.reply;
    if (awaited.history.empty()) {  // the payment takes its time
        return answer_row<PhoneOrders, OrderContract>(at.reads, request, mount, orders, reply, 202);
    }
    const auto& last = *awaited.history.back();
    reply.position = last.position;
    reply.version = last.version;
    const auto event = decode_event<OrderEvent>(last.data.type, last.data.payload);
    ensure(event.has_value(), "an event that was written can be read");
    const auto told = [&](Response response) {
        finish(response, reply);
        return response;
    };
    return match<Response>(*event)(
        [&](const OrderRejected& e) { return told(not_ordered(request, e)); },
        [&](const OrderCancelled&) {
            return told(
                problem(409, "order_cancelled", "the order was cancelled while it was being paid"));
        },
        [&](const auto&) {
            return answer_row<PhoneOrders, OrderContract>(at.reads, request, mount, orders, reply,
                                                          201);
        });
}

awaitable<Response> order(const Server& at, const Mount& mount, Request& request) {
    auto body = phone_order_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    auto person = person_of(request, *body);
    auto sealed = [at, asked = *std::move(body)](const privacy::Sealer& seal) -> server::Decide {
        return [wish = order_of(at, asked, seal)](Unit& unit) { return place_order(unit, wish); };
    };
    server::PersonalCommand command{std::move(person), std::move(sealed)};
    auto awaited = co_await run_command_until(at.commands, request, order_route, "anonymous",
                                              std::move(command), &is_decided);
    if (!awaited) co_return std::move(awaited).error();
    co_return answer(at, request, mount, *awaited);
}

awaitable<Response> cancel(const Server& at, Request& request) {
    const auto id = id_of(request);
    if (!id) co_return id.error();
    auto decide = [number = *id](Unit& unit) {
        return unit.execute<OrderContract>(std::to_string(number), CancelOrder{number});
    };
    const auto reply = co_await run_command(at.commands, request, cancel_route, "anonymous",
                                            std::move(decide), stream_of<OrderContract>(*id));
    if (!reply) co_return reply.error();
    auto response = http::no_content();
    finish(response, *reply);
    co_return response;
}

awaitable<Response> receive(const Server& at, const Mount& mount, Request& request) {
    const auto body = store_manage_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    auto decide = [number = body->order_id](Unit& unit) { return receive_order(unit, number); };
    const auto reply =
        co_await run_command(at.commands, request, receive_route, "anonymous", std::move(decide),
                             stream_of<StoreOrderContract>(body->order_id));
    if (!reply) co_return reply.error();
    co_return answer_row<StoreManages, StoreOrderContract>(at.reads, request, mount, store_manages,
                                                           *reply, 201);
}

}  // namespace

void add_phoneshop_routes(http::Router& router, const Server& at, const Mount& mount) {
    namespace docs = phoneshop_docs;
    router.add({http::Method::post, mount.prefix + "/orders",
                [at, mount](Request& request) { return order(at, mount, request); },
                docs::order(at.config.limits)});
    router.add({http::Method::delete_, mount.prefix + "/orders/{id}",
                [at](Request& request) { return cancel(at, request); }, docs::cancel()});
    router.add({http::Method::post, mount.prefix + "/storeManages",
                [at, mount](Request& request) { return receive(at, mount, request); },
                docs::receive(at.config.limits)});
    for (const auto* resource : {&orders, &payments, &store_manages, &customers})
        add_view_routes(router, at.reads, mount, *resource, system_name);
}

}  // namespace yeyak::api
