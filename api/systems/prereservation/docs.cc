#include "api/systems/prereservation/docs.h"

#include "api/routes/route_docs.h"
#include "api/systems/prereservation/body.h"
#include "kernel/json_schema.h"
#include "projections/prereservation/pre_reservations.h"

namespace yeyak::api::prereservation_docs {
namespace {

constexpr std::string_view tag = "prereservation";

constexpr std::string_view body_example = R"({"userId":1,"userAddress":"seoul","productId":1,)"
                                          R"("productName":"fold","price":1300000,)"
                                          R"("cardNo":"1234-1234-1234-1234","status":"order"})";

}  // namespace

http::RouteDoc create(const server::LimitsConfig& limits) {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Pre-reserve a smartphone and pay for it";
    doc.description =
        "Answers when the payment is known. A failed payment leaves the reservation "
        "cancelled, with its id in the problem.";
    doc.parameters = {idempotency_key(), actor()};
    doc.request_schema = pre_reservation_body.schema(limits);
    doc.request_example = body_example;
    doc.responses = {
        recorded(201, "reserved and paid", "application/hal+json",
                 schema::hal_row(json_schema<projections::PreReservationRow>(), "preReservation")),
        recorded(
            202, "the payment is not known yet; Location tells later", "application/hal+json",
            schema::object({{"id", schema::number}, {"status", schema::one_of({"reservated"})}})),
        refused(400, "a field is missing or cannot be read"),
        refused(402, "the card was declined; status is reservation_cancelled"),
        refused(422, "a value does not fit, or the Idempotency-Key was used before"),
        refused(503, "payment is not available; status is reservation_cancelled")};
    doc.produces = {"application/hal+json", "application/json"};
    return doc;
}

http::RouteDoc cancel() {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Cancel a pre-reservation";
    doc.description =
        "The payment is refunded and the receipt withdrawn, at once or as soon as "
        "these contexts are up.";
    doc.parameters = {
        {"id", "path", "integer", true, "of the pre-reservation"}, idempotency_key(), actor()};
    doc.responses = {recorded(204, "cancelled"),
                     refused(404, "there is none, or it was cancelled before")};
    describe_conditions(doc);
    doc.accepts = {};
    doc.produces = {};
    return doc;
}

}  // namespace yeyak::api::prereservation_docs
