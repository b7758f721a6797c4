#include "api/systems/market/routes.h"

#include <fmt/format.h>

#include "aggregates/engine/people.h"
#include "aggregates/market/bill_contract.h"
#include "aggregates/market/shop.h"
#include "aggregates/notification/contract.h"
#include "aggregates/payment/contract.h"
#include "api/routes/command.h"
#include "api/routes/notifications.h"
#include "api/routes/row_at.h"
#include "api/routes/view_page.h"
#include "api/systems/market/body.h"
#include "api/systems/market/docs.h"
#include "api/systems/market/settings.h"
#include "kernel/ensure.h"
#include "privacy/sealer.h"
#include "privacy/vault.h"
#include "projections/market/products.h"
#include "projections/market/reservations.h"
#include "projections/runner/row_fields.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;
using namespace market;
using projections::MarketProducts;
using projections::MarketReservations;

constexpr std::string_view system_name = "market";

const ViewResource products{
    .view = "market.products",
    .path = "products",
    .item = "product",
    .filters = {"productStatus", "sellerId", "productName"},
    .indexed = {"productStatus", "sellerId"},
    .sortable = {"id", "productName", "productStatus", "price", "createdAt", "modifiedAt"},
    .words = {{"productStatus", {"01", "02", "soldOut"}}}};
const ViewResource reservations{
    .view = "market.reservations",
    .path = "reservations",
    .item = "reservation",
    .filters = {"reservationStatus", "productId", "customerId"},
    .indexed = {"productId", "customerId"},
    .sortable = {"id", "reservationStatus", "price", "expiresAt", "createdAt", "modifiedAt"},
    .words = {{"reservationStatus", {"01", "02"}}}};
const ViewResource payments{.view = "market.payments",
                            .path = "payments",
                            .item = "payment",
                            .filters = {"paymentStatus", "productId", "customerId"},
                            .indexed = {"paymentStatus", "customerId"},
                            .sortable = {"id", "paymentStatus", "price", "createdAt", "modifiedAt"},
                            .words = {{"paymentStatus", {"01", "02", "03", "04"}}}};
const ViewResource my_pages{
    .view = "market.myPages",
    .path = "myPages",
    .item = "myPage",
    .filters = {"customerId", "reservationStatus", "paymentStatus", "productId"},
    .indexed = {"customerId"},
    .sortable = {"id", "reservationStatus", "paymentStatus", "price", "createdAt", "modifiedAt"},
    .words = {{"reservationStatus", {"01", "02"}},
              {"paymentStatus", {"", "01", "02", "03", "04"}}}};
// A notice is about a reservation, whoever cancelled it and so began the notice: "reservation-17".
std::string reservation_told_of(std::string_view row) {
    return "market." + projections::text_of(projections::field_of(row, "subject"));
}

// What buyers were told: those of the notifications of all systems that are the market's.
const ViewResource notices{.view = "notifications",
                           .path = "notifications",
                           .item = "notification",
                           .filters = {"status", "recipient", "kind"},
                           .indexed = {"status", "recipient", "kind"},
                           .sortable = {"id", "createdAt", "modifiedAt"},
                           .key = ViewResource::Key::text,
                           .words = {{"status", notification_words()}},
                           .about = &reservation_told_of};
const Filters of_the_market{{"context", std::string{notification::Contract::context("market-")}}};

constexpr Refusal refusals[] = {
    {"product_not_found", 404, "there is no such product"},
    {"product_not_available", 409,
     "the product is reserved or sold; try another one (이미 예약되었거나 판매된 상품입니다)"},
    {"reservation_not_found", 404, "there is no such reservation"},
    {"reservation_cancelled", 409, "the reservation has been cancelled (취소된 예약입니다)"},
    {"reservation_expired", 409, "the time to pay is over; reserve again (결제 시간이 지났습니다)"},
    {"payment_not_found", 404, "there is no such payment"},
};
constexpr CommandRoute register_route{"market/register", "product", refusals};
constexpr CommandRoute edit_route{"market/edit", "product", refusals, "product_not_found"};
constexpr CommandRoute reserve_route{"market/reserve", "market.reservation", refusals};
constexpr CommandRoute cancel_route{"market/cancel", "market.reservation", refusals,
                                    "reservation_not_found"};
// A bill is its buyer's, whoever's command it came of.
constexpr CommandRoute pay_route{"market/pay", "market.payment", refusals, "payment_not_found",
                                 ReservationContract::category};

constexpr std::string_view too_many =
    "예약이 많습니다. 잠시 후 다시 예약해 주세요 (too many reservations; please reserve later)";
constexpr std::string_view no_payment =
    "결제할 수 없습니다. 잠시 후 다시 시도해 주세요 (payment is not available; please try later)";

Response done() {
    Response response;
    response.status = 200;
    return response;
}

// The row that the command has made, as plain JSON.
template <class View, class Contract>
Response made(const Server& at, const Reply& reply) {
    auto row = row_at<View, Contract>(at.reads, reply);
    if (!row) return problem_of(row.error());
    auto response = http::json(200, *std::move(row));
    finish(response, reply);
    return response;
}

// The reservations' call of the products; an answer when it could not be made.
awaitable<std::expected<server::SyncCall, Response>> call_products(const Server& at,
                                                                   const Request& request) {
    auto call =
        co_await at.commands.call("product", at.config.of<MarketSettings>().product_timeout_ms);
    if (call) co_return *std::move(call);
    if (call.error() == code_of(Ended::context_down))
        co_return std::unexpected(context_down("product"));
    co_return std::unexpected(not_called(request, "product", call.error(), too_many));
}

awaitable<Response> register_one(const Server& at, Request& request) {
    auto body = market_product_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const ProductRegistered product{0, std::move(body->product_name), body->price.value_or(Won{0}),
                                    body->seller_id};
    auto actor = product.seller_id ? fmt::format("user:{}", *product.seller_id) : "anonymous";
    auto decide = [product](Unit& unit) { return register_product(unit, product); };
    const auto reply = co_await run_command(at.commands, request, register_route, std::move(actor),
                                            std::move(decide));
    if (!reply) co_return reply.error();
    co_return made<MarketProducts, ProductContract>(at, *reply);
}

awaitable<Response> edit_one(const Server& at, Request& request) {
    auto body = market_product_update_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const EditProduct wish{body->id, std::move(body->product_name), body->price};
    auto decide = [wish](Unit& unit) {
        return unit.execute<ProductContract>(std::to_string(wish.id), wish);
    };
    const auto reply = co_await run_command(at.commands, request, edit_route, "anonymous",
                                            std::move(decide), stream_of<ProductContract>(wish.id));
    if (!reply) co_return reply.error();
    auto response = done();
    finish(response, *reply);
    co_return response;
}

awaitable<Response> reserve_one(const Server& at, Request& request) {
    const auto body = market_reservation_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const auto customer = customer_of(request, "customerId", body->customer_id);
    if (!customer) co_return customer.error();
    const ReserveWish wish{body->product_id, *customer,
                           at.config.of<MarketSettings>().reservation_ttl_s * 1000};
    auto actor = wish.customer_id ? fmt::format("user:{}", *wish.customer_id) : "anonymous";
    const auto call = co_await call_products(at, request);
    if (!call) co_return call.error();
    auto decide = [wish](Unit& unit) { return reserve(unit, wish); };
    const auto reply = co_await run_command(at.commands, request, reserve_route, std::move(actor),
                                            std::move(decide));
    if (!reply) co_return reply.error();
    co_return made<MarketReservations, ReservationContract>(at, *reply);
}

awaitable<Response> cancel_one(const Server& at, Request& request) {
    const auto body = market_reservation_update_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const auto call = co_await call_products(at, request);
    if (!call) co_return call.error();
    auto decide = [id = body->id](Unit& unit) { return cancel_reservation(unit, id); };
    const auto reply =
        co_await run_command(at.commands, request, cancel_route, "anonymous", std::move(decide),
                             stream_of<ReservationContract>(body->id));
    if (!reply) co_return reply.error();
    auto response = done();
    finish(response, *reply);
    co_return response;
}

// The end of the wait: the money has moved, or it has not and will not.
bool is_outcome(const eventstore::RecordedEvent& event) {
    return event.data.type == payment::PaymentCompleted::type ||
           event.data.type == payment::PaymentDeclined::type ||
           event.data.type == payment::PaymentFailed::type ||
           event.data.type == payment::PaymentCancelled::type;
}

Response not_paid(const Request& request, std::string_view outcome) {
    http::Problem refused;
    if (outcome == payment::PaymentDeclined::type) {
        refused.status = 402;
        refused.code = "payment_declined";
        refused.detail = "the card was declined (결제가 거절되었습니다)";
    } else if (outcome == payment::PaymentCancelled::type) {
        refused.status = 409;
        refused.code = "reservation_cancelled";
        refused.detail = "the reservation was cancelled meanwhile (취소된 예약입니다)";
    } else {
        refused.status = 503;
        refused.code = "payment_unavailable";
        refused.detail = no_payment;
    }
    if (request.header("Idempotency-Key") && refused.status != 409)
        refused.detail += "; this key keeps this answer, try again with a new one";
    auto response = problem(refused);
    if (refused.status == 503) response.headers.add("Retry-After", "5");
    return response;
}

Response paid(const Server& at, const Request& request, const Mount& mount, std::int64_t id,
              const server::Awaited& awaited) {
    Response response = done();
    if (awaited.history.empty()) {
        response = http::json(202, fmt::format("{{\"id\":{},\"paymentStatus\":\"01\"}}", id));
        response.headers.add("Location",
                             fmt::format("{}{}/payments/{}", request.base, mount.prefix, id));
    } else if (awaited.history.back()->data.type != payment::PaymentCompleted::type) {
        response = not_paid(request, awaited.history.back()->data.type);
    }
    // What follows from the outcome is there as soon as the outcome is.
    add_position(response, at.reads.log().head());
    if (awaited.reply.replayed) response.headers.add("Idempotent-Replayed", "true");
    return response;
}

// Whose card it is: the customer's, when the reservation has one.
StoreResult<std::string> payer_of(const Server& at, std::int64_t id) {
    eventstore::StreamQuery query;
    query.stream = fmt::format("{}-{}", BillContract::category, id);
    query.from = 1;
    query.max_events = 1;
    const auto page = at.reads.log().read_stream(query);
    if (!page) return std::unexpected(page.error());
    if (page->events.empty()) return person_name("market", "reservation", std::to_string(id));
    const auto& first = page->events.front()->data;
    const auto event = decode_event<BillEvent>(first.type, first.payload);
    ensure(event.has_value(), "an event that was written can be read");
    const auto* issued = std::get_if<BillIssued>(&*event);
    if (!issued || !issued->customer_id)
        return person_name("market", "reservation", std::to_string(id));
    return person_name("market", "user", std::to_string(*issued->customer_id));
}

awaitable<Response> pay_one(const Server& at, const Mount& mount, Request& request) {
    const auto body = market_paid_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const auto id = body->id ? *body->id : *body->reservation_id;
    if (body->reservation_id.value_or(id) != id)
        co_return problem(409, "reservation_mismatch",
                          fmt::format("payment {} is that of reservation {}", id, id),
                          "reservationId");
    server::PersonalCommand command;
    privacy::MaskedCard card;
    if (body->card_no) {
        auto taken = at.commands.vault().card(*body->card_no);
        ensure(taken.has_value(), "the body's card number is one");
        card = *std::move(taken);
        auto payer = payer_of(at, id);
        if (!payer) co_return problem_of(payer.error());
        command.person = *std::move(payer);
    }
    command.sealed = [id, card](const privacy::Sealer& seal) -> server::Decide {
        return [id, card_no = seal(card.masked), token = card.token](Unit& unit) {
            return pay(unit, id, card_no, token);
        };
    };
    const auto awaited =
        co_await run_command_until(at.commands, request, pay_route, "anonymous", std::move(command),
                                   &is_outcome, stream_of<BillContract>(id));
    if (!awaited) co_return awaited.error();
    co_return paid(at, request, mount, id, *awaited);
}

}  // namespace

void add_market_routes(http::Router& router, const Server& at, const Mount& mount) {
    namespace docs = market_docs;
    using http::Method;
    const auto add = [&](Method method, std::string_view path, const auto& handle,
                         http::RouteDoc doc) {
        router.add({method, fmt::format("{}/{}", mount.prefix, path),
                    [at, handle](Request& request) { return handle(at, request); },
                    std::move(doc)});
    };
    for (const auto* path : {"product", "products"})
        add(Method::post, path, &register_one, docs::register_one(at.config.limits));
    add(Method::patch, "productupdate", &edit_one, docs::edit_one(at.config.limits));
    for (const auto* path : {"reservation", "reservations"})
        add(Method::post, path, &reserve_one, docs::reserve_one(at.config.limits));
    add(Method::patch, "reservationupdate", &cancel_one, docs::cancel_one(at.config.limits));
    router.add({Method::patch, mount.prefix + "/paid",
                [at, mount](Request& request) { return pay_one(at, mount, request); },
                docs::pay_one(at.config.limits)});
    router.add({Method::get, mount.prefix + "/notices",
                [at](Request& request) {
                    return answer_list(at.reads, Mount{""}, notices, request, of_the_market);
                },
                list_doc(at.reads, notices, system_name)});
    for (const auto* resource : {&products, &reservations, &payments, &my_pages})
        add_view_routes(router, at.reads, mount, *resource, system_name);
}

}  // namespace yeyak::api
