#include "api/routes/prereservation.h"

#include <fmt/format.h>

#include "aggregates/kernel/json_impl.h"
#include "aggregates/prereservation/request_reservation.h"
#include "api/log.h"
#include "api/routes/prereservation_body.h"
#include "api/routes/prereservation_docs.h"
#include "api/routes/view_page.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(api::PreReservationBody)
}

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;
using namespace prereservation;

const ViewResource pre_reservations{"preReservations",
                                    "preReservation",
                                    {"userId", "status"},
                                    {"userId"},
                                    {"id", "price", "createdAt", "modifiedAt"},
                                    true};
const ViewResource payments{"payments",
                            "payment",
                            {"userId", "status"},
                            {"userId"},
                            {"id", "price", "createdAt", "modifiedAt"},
                            true};
const ViewResource receipts{"receipts",
                            "receipt",
                            {"userId", "status"},
                            {"userId"},
                            {"id", "expectedDeliveryAt", "createdAt"},
                            true};
const ViewResource my_reservations{
    "myReservations",
    "myReservation",
    {"userId", "status"},
    {"userId", "status"},
    {"id", "price", "status", "createdAt", "modifiedAt", "expectedDeliveryAt"},
    false};

constexpr std::string_view overloaded = "결제 서비스 과부화 (payment service overloaded)";

std::optional<Response> check(const PreReservationBody& body) {
    const auto refuse = [](std::string_view field, std::string_view what) {
        return problem(422, "invalid_value", fmt::format("{} {}", field, what), field);
    };
    if (body.user_id < 1) return refuse("userId", "must be positive");
    if (body.product_id < 1) return refuse("productId", "must be positive");
    if (body.price.amount < 1) return refuse("price", "must be positive, in won");
    if (body.user_address.empty() || body.user_address.size() > 200)
        return refuse("userAddress", "must be 1 to 200 bytes long");
    if (body.product_name.empty() || body.product_name.size() > 100)
        return refuse("productName", "must be 1 to 100 bytes long");
    return std::nullopt;
}

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
    append_json_string(row, r.user_address);
    row += fmt::format(",\"productId\":{},\"productName\":", r.product_id);
    append_json_string(row, r.product_name);
    row += fmt::format(
        ",\"price\":{},\"cardNo\":\"{}\",\"status\":\"{}\",\"createdAt\":\"{}\",\"modifiedAt\":"
        "\"{}\"}}",
        r.price.amount, r.card_no, status, to_text(created), to_text(modified));
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
Response answer(const Request& request, const Mount& mount, const Runtime::Awaited& awaited) {
    const auto& history = awaited.history;
    if (history.empty()) {
        Response pending;
        pending.status = 202;
        const auto id = awaited.reply.stream.substr(ReservationContract::category.size() + 1);
        pending.content_type = "application/hal+json";
        pending.body = fmt::format("{{\"id\":{},\"status\":\"reservated\"}}", id);
        pending.headers.add(
            "Location", fmt::format("{}{}/preReservations/{}", base_of(request), mount.prefix, id));
        add_position(pending, awaited.reply.position, awaited.reply.version);
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
        response.body = hal_row(base_of(request), mount, pre_reservations, requested.id, row);
        response.headers.add("Location", fmt::format("{}{}/preReservations/{}", base_of(request),
                                                     mount.prefix, requested.id));
    }
    add_position(response, history.back()->position, history.back()->version);
    if (awaited.reply.replayed) response.headers.add("Idempotent-Replayed", "true");
    return response;
}

awaitable<Response> create(Runtime& runtime, const Mount& mount, Request& request) {
    auto body = from_json<PreReservationBody>(request.body, Reading::lenient);
    if (!body) co_return problem_of(body.error());
    if (auto refused = check(*body)) co_return *std::move(refused);
    auto card = runtime.cards().take(body->card_no);
    if (!card)
        co_return problem(422, "invalid_value", "cardNo must be 12 to 19 digits, in groups or not",
                          "cardNo");
    ReservationRequested reservation;
    reservation.user_id = body->user_id;
    reservation.user_address = std::move(body->user_address);
    reservation.product_id = body->product_id;
    reservation.product_name = std::move(body->product_name);
    reservation.price = body->price;
    reservation.card_no = std::move(card->masked);
    reservation.card_token = std::move(card->token);
    reservation.delivery_days =
        static_cast<std::int32_t>(runtime.config().prereservation.delivery_days);
    CommandCall call;
    auto cause = cause_of(request, fmt::format("user:{}", reservation.user_id));
    if (!cause) co_return std::move(cause).error();
    call.cause = *std::move(cause);
    if (auto refused = take_idempotency_key(request, "prereservation/create", call.idempotency_key,
                                            call.fingerprint))
        co_return *std::move(refused);
    const auto limit = runtime.config().prereservation.max_per_user_product;
    call.decide = [reservation, limit](Unit& unit) {
        return request_reservation(unit, reservation, limit);
    };
    auto awaited = co_await runtime.execute_and_await(std::move(call), &is_decided);
    if (!awaited) co_return problem_of(awaited.error());
    if (awaited->reply.code == "context_down") co_return context_down("prereservation");
    if (awaited->reply.code != "ok") co_return refusal(awaited->reply);
    co_return answer(request, mount, *awaited);
}

awaitable<Response> cancel(Runtime& runtime, Request& request) {
    const NumberParameter parameter{"id", 1, INT64_MAX};
    const auto id = number_of(request.parameter("id"), parameter);
    if (!id) co_return problem(404, "not_found", "ids here are positive numbers", "id");
    CommandCall call;
    auto cause = cause_of(request, "anonymous");
    if (!cause) co_return std::move(cause).error();
    call.cause = *std::move(cause);
    if (auto refused = take_idempotency_key(request, "prereservation/cancel", call.idempotency_key,
                                            call.fingerprint))
        co_return *std::move(refused);
    call.decide = [number = **id](Unit& unit) {
        return unit.execute<ReservationContract>(
            std::to_string(number), CancelReservation{number, CancelReason::user_request});
    };
    const auto reply = co_await runtime.execute(std::move(call));
    if (!reply) co_return problem_of(reply.error());
    if (reply->code == "context_down") co_return context_down("prereservation");
    if (reply->code != "ok") co_return refusal(*reply);
    auto response = http::no_content();
    add_position(response, reply->position, reply->version);
    if (reply->replayed) response.headers.add("Idempotent-Replayed", "true");
    co_return response;
}

}  // namespace

void add_prereservation_routes(http::Router& router, Runtime& runtime, const Mount& mount) {
    namespace docs = prereservation_docs;
    router.add({http::Method::post, mount.prefix + "/preReservations",
                [&runtime, mount](Request& request) { return create(runtime, mount, request); },
                docs::create()});
    router.add({http::Method::delete_, mount.prefix + "/preReservations/{id}",
                [&runtime](Request& request) { return cancel(runtime, request); }, docs::cancel()});
    for (const auto* resource : {&pre_reservations, &payments, &receipts, &my_reservations})
        add_view_routes(router, runtime, mount, *resource, docs::list(resource->view),
                        docs::row(resource->view));
}

}  // namespace yeyak::api
