#include "api/systems/phoneshop/docs.h"

#include "api/routes/route_docs.h"
#include "api/systems/phoneshop/body.h"
#include "kernel/json_schema.h"
#include "projections/phoneshop/orders.h"
#include "projections/phoneshop/store_manages.h"

namespace yeyak::api::phoneshop_docs {
namespace {

constexpr std::string_view tag = "phoneshop";

http::ResponseDoc with_order(int status, std::string description) {
    return recorded(status, std::move(description), "application/hal+json",
                    schema::hal_row(json_schema<projections::PhoneOrderRow>(), "order"));
}

}  // namespace

http::RouteDoc order(const server::LimitsConfig& limits) {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Order a phone and pay for it";
    doc.description =
        "Answers when the payment is known. An order that is not paid does not come into "
        "existence.";
    doc.parameters = {idempotency_key(), actor()};
    doc.request_schema = phone_order_body.schema(limits);
    doc.request_example = R"({"item":"note21","qty":2})";
    doc.responses = {with_order(201, "ordered and paid"),
                     with_order(202, "the payment is not known yet; Location tells later"),
                     refused(400, "a field is missing or cannot be read"),
                     refused(402, "the card was declined"),
                     refused(409, "the order was cancelled while it was being paid"),
                     refused(422, "a value does not fit, or the Idempotency-Key was used before"),
                     refused(503, "payment is overloaded or down, or the app is")};
    doc.produces = {"application/hal+json", "application/json"};
    return doc;
}

http::RouteDoc cancel() {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Cancel an order that has not shipped";
    doc.description =
        "The payment is refunded and the store stopped, at once or as soon as these contexts are "
        "up. The order is still shown by its number, with status OrderCancelled and then "
        "PayCancelled.";
    doc.parameters = {{"id", "path", "integer", true, "of the order"}, idempotency_key(), actor()};
    doc.responses = {recorded(204, "cancelled"),
                     refused(404, "there is none, or it was cancelled before"),
                     refused(409, "it has shipped"), refused(503, "the app is stopped")};
    describe_conditions(doc);
    doc.accepts = {};
    doc.produces = {};
    return doc;
}

http::RouteDoc receive(const server::LimitsConfig& limits) {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Hand a paid order to the store";
    doc.description =
        "The store receives paid orders by itself; a known one that comes again changes nothing.";
    doc.parameters = {idempotency_key(), actor()};
    doc.request_schema = store_manage_body.schema(limits);
    doc.request_example = R"({"orderId":1,"process":"Payed"})";
    doc.responses = {
        recorded(201, "the store has it", "application/hal+json",
                 schema::hal_row(json_schema<projections::StoreManageRow>(), "storeManage")),
        refused(400, "orderId is missing or cannot be read"),
        refused(404, "there is no such order"),
        refused(409, "the order is not paid, or was cancelled"),
        refused(503, "the store is stopped")};
    describe_conditions(doc);
    doc.produces = {"application/hal+json", "application/json"};
    return doc;
}

}  // namespace yeyak::api::phoneshop_docs
