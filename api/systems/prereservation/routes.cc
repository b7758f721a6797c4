#include "api/systems/prereservation/routes.h"

#include <fmt/format.h>

#include "aggregates/engine/people.h"
#include "aggregates/prereservation/request_reservation.h"
#include "api/routes/command.h"
#include "api/routes/view_page.h"
#include "api/systems/prereservation/body.h"
#include "api/systems/prereservation/docs.h"
#include "api/systems/prereservation/settings.h"
#include "kernel/edge/log.h"
#include "kernel/ensure.h"
#include "kernel/events.h"
#include "privacy/sealer.h"
#include "privacy/vault.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::Request;
using http::Response;
using namespace prereservation;

constexpr std::string_view system_name = "prereservation";

const ViewResource pre_reservations{
    .view = "preReservations",
    .path = "preReservations",
    .item = "preReservation",
    .filters = {"userId", "status"},
    .indexed = {"userId"},
    .sortable = {"id", "price", "createdAt", "modifiedAt"},
    .hides_cancelled = true,
    .words = {{"status", {"reservated", "paid", "reservation_cancelled"}}}};
const ViewResource payments{.view = "payments",
                            .path = "payments",
                            .item = "payment",
                            .filters = {"userId", "status"},
                            .indexed = {"userId"},
                            .sortable = {"id", "price", "createdAt", "modifiedAt"},
                            .hides_cancelled = true,
                            .words = {{"status",
                                       {"payment_requested", "paid", "payment_declined",
                                        "payment_failed", "payment_unknown", "payment_cancelling",
                                        "refund_postponed", "payment_cancelled"}}}};
const ViewResource receipts{.view = "receipts",
                            .path = "receipts",
                            .item = "receipt",
                            .filters = {"userId", "status"},
                            .indexed = {"userId"},
                            .sortable = {"id", "expectedDeliveryAt", "createdAt"},
                            .hides_cancelled = true,
                            .words = {{"status", {"receipt_issued", "receipt_cancelled"}}}};
const ViewResource my_reservations{
    .view = "myReservations",
    .path = "myReservations",
    .item = "myReservation",
    .filters = {"userId", "status"},
    .indexed = {"userId", "status"},
    .sortable = {"id", "price", "status", "createdAt", "modifiedAt", "expectedDeliveryAt"},
    .words = {{"status",
               {"reservated", "paid", "receipt_issued", "reservation_cancelled",
                "payment_cancelled", "receipt_cancelled"}}}};

constexpr Refusal refusals[] = {
    {"reservation_not_found", 404, "there is no such reservation"},
    {"reservation_cancelled", 404, "the reservation has been cancelled"},
    {"reservation_exists", 409, "the reservation exists already, with other content"},
    {"reservation_limit_reached", 409,
     "this user has as many reservations of this product as are allowed"},
};
constexpr CommandRoute create_route{"prereservation/create", "prereservation", refusals};
constexpr CommandRoute cancel_route{"prereservation/cancel", "prereservation", refusals,
                                    "reservation_not_found"};

constexpr std::string_view overloaded = "결제 서비스 과부화 (payment service overloaded)";

// The end of the wait: the payment is known, one way or the other.
bool is_decided(const eventstore::RecordedEvent& event) {
    return event.data.type == ReservationConfirmed::type ||
           event.data.type == ReservationCancelled::type;
}

ReservationEvent decoded(const EventPtr& event) {
    auto typed = decode_event<ReservationEvent>(event->data.type, event->data.payload);
    ensure(typed.has_value(), "an event that was written can be read");
    return *std::move(typed);
}

std::string body_of(const ReservationRequested& r, std::string_view status, Instant created,
                    Instant modified) {
    std::string row = "{";
    row += fmt::format("\"id\":{},\"userId\":{},\"userAddress\":", r.id, r.user_id);
    append_json_string(row, r.user_address.text());
    row += fmt::format(",\"productId\":{},\"productName\":", r.product_id);
    append_json_string(row, r.product_name);
    row += fmt::format(
        ",\"price\":{},\"cardNo\":\"{}\",\"status\":\"{}\",\"createdAt\":\"{}\",\"modifiedAt\":"
        "\"{}\"}}",
        r.price.amount, r.card_no.text(), status, to_text(created), to_text(modified));
    return row;
}

Response not_reserved(const Request& request, const ReservationCancelled& event) {
    http::Problem refused;
    refused.status = event.reason == CancelReason::payment_declined ? 402 : 503;
    refused.code = boost::describe::enum_to_string(event.reason, "payment_unavailable");
    refused.detail = event.reason == CancelReason::payment_declined
                         ? "the card was declined (결제가 거절되었습니다)"
                         : std::string{overloaded};
    if (request.header("Idempotency-Key"))
        refused.detail += "; this key keeps this answer, try again with a new one";
    refused.extra = {{"id", std::to_string(event.id)}, {"status", "\"reservation_cancelled\""}};
    auto response = http::problem(refused);
    if (refused.status == 503) {
        response.headers.add("Retry-After", "5");
        log::warning("payment_fallback",
                     {{"reservation", event.id}, {"code", refused.code}, {"message", overloaded}},
                     request.correlation_id);
    }
    return response;
}

// The answer follows from the stream alone, so that a repeated request gets the same one.
Response answer(const Request& request, const Mount& mount, const server::Awaited& awaited) {
    const auto& history = awaited.history;
    if (history.empty()) {
        Response pending;
        pending.status = 202;
        const auto id = awaited.reply.stream.substr(ReservationContract::category.size() + 1);
        pending.content_type = "application/hal+json";
        pending.body = fmt::format("{{\"id\":{},\"status\":\"reservated\"}}", id);
        pending.headers.add("Location",
                            fmt::format("{}{}/preReservations/{}", request.base, mount.prefix, id));
        add_position(pending, awaited.reply.position, awaited.reply.version, awaited.reply.stream);
        return pending;
    }
    const auto first = decoded(history.front());
    const auto last = decoded(history.back());
    const auto& requested = std::get<ReservationRequested>(first);
    Response response;
    if (const auto* cancelled = std::get_if<ReservationCancelled>(&last)) {
        response = not_reserved(request, *cancelled);
    } else {
        const auto row = body_of(requested, "paid", history.front()->time, history.back()->time);
        response.status = 201;
        response.content_type = "application/hal+json";
        response.body =
            hal_row(request.base, mount, pre_reservations, std::to_string(requested.id), row);
        response.headers.add("Location", fmt::format("{}{}/preReservations/{}", request.base,
                                                     mount.prefix, requested.id));
    }
    add_position(response, history.back()->position, history.back()->version);
    if (awaited.reply.replayed) response.headers.add("Idempotent-Replayed", "true");
    return response;
}

awaitable<Response> create(const Server& at, const Mount& mount, Request& request) {
    auto body = pre_reservation_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    if (auto customer = customer_of(request, "userId", body->user_id); !customer)
        co_return std::move(customer).error();
    auto card = at.commands.vault().card(body->card_no);
    ensure(card.has_value(), "the body's card number is one");
    ReservationRequested reservation;
    reservation.user_id = body->user_id;
    reservation.product_id = body->product_id;
    reservation.product_name = std::move(body->product_name);
    reservation.price = body->price;
    reservation.card_token = std::move(card->token);
    reservation.delivery_days =
        static_cast<std::int32_t>(at.config.of<PrereservationSettings>().delivery_days);
    auto actor = fmt::format("user:{}", reservation.user_id);
    const auto limit = at.config.of<PrereservationSettings>().max_per_user_product;
    auto sealed = [reservation, limit, address = std::move(body->user_address),
                   masked =
                       std::move(card->masked)](const privacy::Sealer& seal) -> server::Decide {
        auto wish = reservation;
        wish.user_address = seal(address);
        wish.card_no = seal(masked);
        return [wish, limit](Unit& unit) { return request_reservation(unit, wish, limit); };
    };
    server::PersonalCommand command{person_name(system_name, "user", std::to_string(body->user_id)),
                                    std::move(sealed)};
    auto awaited = co_await run_command_until(at.commands, request, create_route, std::move(actor),
                                              std::move(command), &is_decided);
    if (!awaited) co_return std::move(awaited).error();
    co_return answer(request, mount, *awaited);
}

awaitable<Response> cancel(const Server& at, Request& request) {
    const auto id = id_of(request);
    if (!id) co_return id.error();
    auto decide = [number = *id](Unit& unit) {
        return unit.execute<ReservationContract>(
            std::to_string(number), CancelReservation{number, CancelReason::user_request});
    };
    const auto reply = co_await run_command(at.commands, request, cancel_route, "anonymous",
                                            std::move(decide), stream_of<ReservationContract>(*id));
    if (!reply) co_return reply.error();
    auto response = http::no_content();
    finish(response, *reply);
    co_return response;
}

}  // namespace

void add_prereservation_routes(http::Router& router, const Server& at, const Mount& mount) {
    namespace docs = prereservation_docs;
    router.add({http::Method::post, mount.prefix + "/preReservations",
                [at, mount](Request& request) { return create(at, mount, request); },
                docs::create(at.config.limits)});
    router.add({http::Method::delete_, mount.prefix + "/preReservations/{id}",
                [at](Request& request) { return cancel(at, request); }, docs::cancel()});
    for (const auto* resource : {&pre_reservations, &payments, &receipts, &my_reservations})
        add_view_routes(router, at.reads, mount, *resource, system_name);
}

}  // namespace yeyak::api
