#include "api/systems/market/docs.h"

#include "api/routes/route_docs.h"
#include "api/systems/market/body.h"
#include "kernel/json_schema.h"
#include "projections/market/products.h"
#include "projections/market/reservations.h"

namespace yeyak::api::market_docs {
namespace {

// What all commands have in common.
http::RouteDoc command(std::string summary, std::string description) {
    http::RouteDoc doc;
    doc.tag = "market";
    doc.summary = std::move(summary);
    doc.description = std::move(description);
    doc.parameters = {idempotency_key(), actor()};
    doc.responses = {refused(400, "a field is missing or cannot be read"),
                     refused(422, "a value does not fit, or the Idempotency-Key was used before")};
    return doc;
}

http::ResponseDoc changed() { return recorded(200, "done; the answer is empty"); }

}  // namespace

http::RouteDoc register_one(const server::LimitsConfig& limits) {
    auto doc = command("Register a product", "It is available, which is status 01.");
    doc.request_schema = market_product_body.schema(limits);
    doc.request_example = R"({"productName":"Phone","productStatus":"01"})";
    doc.responses.push_back(recorded(
        200, "registered", "application/json", json_schema<projections::MarketProductRow>(),
        R"({"id":1,"productName":"Phone","productStatus":"01","price":0,"sellerId":null,)"
        R"("createdAt":"2026-11-20T11:28:30.123Z","modifiedAt":"2026-11-20T11:28:30.123Z"})"));
    doc.responses.push_back(refused(503, "product is stopped"));
    return doc;
}

http::RouteDoc edit_one(const server::LimitsConfig& limits) {
    auto doc = command("Change the name or the price of a product",
                       "Reservations keep the name and price that they were made with. The status "
                       "follows from reserving, paying and cancelling; it cannot be set.");
    doc.request_schema = market_product_update_body.schema(limits);
    doc.request_example = R"({"id":1,"productName":"Smart phone"})";
    doc.responses.push_back(changed());
    doc.responses.push_back(refused(404, "there is no such product"));
    doc.responses.push_back(refused(503, "product is stopped"));
    describe_conditions(doc);
    return doc;
}

http::RouteDoc reserve_one(const server::LimitsConfig& limits) {
    auto doc = command("Reserve a product",
                       "Of all who want a product that is available, exactly one succeeds. A "
                       "reservation that is not paid in time is cancelled.");
    doc.request_schema = market_reservation_body.schema(limits);
    doc.request_example = R"({"productId":"3","reservationStatus":"01"})";
    doc.responses.push_back(recorded(
        200, "reserved", "application/json", json_schema<projections::MarketReservationRow>(),
        R"({"id":1,"reservationStatus":"01","productId":3,"type":"Reserved",)"
        R"("productName":"Phone","price":0,"customerId":null,)"
        R"("expiresAt":"2026-11-20T11:58:30.123Z","cancelReason":null,)"
        R"("createdAt":"2026-11-20T11:28:30.123Z","modifiedAt":"2026-11-20T11:28:30.123Z"})"));
    doc.responses.push_back(refused(404, "there is no such product"));
    doc.responses.push_back(refused(409, "the product is reserved or sold"));
    doc.responses.push_back(
        refused(503, "product or reservation is stopped, or too many reserve at once"));
    return doc;
}

http::RouteDoc cancel_one(const server::LimitsConfig& limits) {
    auto doc = command("Cancel a reservation",
                       "The product is available again at once; what was paid is given back. A "
                       "productId is ignored: the reservation knows its own.");
    doc.request_schema = market_reservation_update_body.schema(limits);
    doc.request_example = R"({"id":2,"productId":1,"reservationStatus":"02"})";
    doc.responses.push_back(changed());
    doc.responses.push_back(refused(404, "there is no such reservation"));
    doc.responses.push_back(refused(409, "it was cancelled before"));
    doc.responses.push_back(
        refused(503, "product or reservation is stopped, or too many reserve at once"));
    describe_conditions(doc);
    return doc;
}

http::RouteDoc pay_one(const server::LimitsConfig& limits) {
    auto doc = command("Pay for a reservation",
                       "Answers when the payment is known. Paying again what is paid has the same "
                       "answer and no effect; what was declined can be tried again.");
    doc.request_schema = market_paid_body.schema(limits);
    doc.request_example = R"({"id":1,"reservationId":1,"productId":3,"paymentStatus":"02"})";
    doc.responses.push_back(changed());
    doc.responses.push_back(recorded(
        202, "not known yet; Location tells later", "application/json",
        schema::object({{"id", schema::number}, {"paymentStatus", schema::one_of({"01"})}})));
    doc.responses.push_back(refused(402, "the card was declined"));
    doc.responses.push_back(refused(404, "there is no such payment"));
    doc.responses.push_back(refused(409, "the reservation was cancelled or has expired"));
    doc.responses.push_back(refused(503, "payment is not available"));
    describe_conditions(doc);
    return doc;
}

}  // namespace yeyak::api::market_docs
