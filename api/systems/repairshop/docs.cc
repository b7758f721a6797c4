#include "api/systems/repairshop/docs.h"

#include "api/routes/route_docs.h"
#include "api/systems/repairshop/body.h"
#include "kernel/json_schema.h"
#include "projections/repairshop/intakes.h"
#include "projections/repairshop/repairs.h"

namespace yeyak::api::repairshop_docs {
namespace {

http::RouteDoc command(std::string summary, http::BodySchema schema, std::string_view example) {
    http::RouteDoc doc;
    doc.tag = "repairshop";
    doc.summary = std::move(summary);
    doc.parameters = {idempotency_key(), actor()};
    doc.request_schema = std::move(schema);
    doc.request_example = example;
    doc.responses = {refused(400, "a field is missing or cannot be read"),
                     refused(422, "a value does not fit, or the Idempotency-Key was used before"),
                     refused(503, "the context that is asked is stopped or overloaded")};
    doc.produces = {"application/hal+json", "application/json"};
    return doc;
}

http::ResponseDoc with_receipt(int status, std::string description) {
    return recorded(status, std::move(description), "application/hal+json",
                    schema::hal_row(json_schema<projections::RepairshopIntakeRow>(), "receipt"));
}

http::RouteDoc change(std::string summary, http::BodySchema schema, std::string_view example,
                      http::ResponseDoc done) {
    auto doc = command(std::move(summary), std::move(schema), example);
    doc.parameters.push_back({"id", "path", "integer", true, ""});
    doc.responses.insert(doc.responses.begin(),
                         {std::move(done), refused(404, "there is none"),
                          refused(409, "its present status does not allow this")});
    describe_conditions(doc);
    return doc;
}

}  // namespace

http::RouteDoc take_in(const server::LimitsConfig& limits) {
    auto doc = command("Take a car to be repaired", intake_body.schema(limits),
                       R"({"vehiNo":"0101","stat":"REPAIRREQUEST"})");
    doc.description =
        "Receipts are taken also while the repair shop does not work; the repair is registered as "
        "soon as it does.";
    doc.responses.insert(doc.responses.begin(), with_receipt(201, "the receipt"));
    return doc;
}

http::RouteDoc change_receipt(const server::LimitsConfig& limits) {
    auto doc = change("Request the payment, the delivery or the cancel of a receipt",
                      intake_change_body.schema(limits), R"({"stat":"DELIVERYREQUESTED"})",
                      with_receipt(200, "so it is now"));
    doc.description =
        "A payment answers when its outcome is known. A delivery begins at once or is refused "
        "(delivery.mode=sync), or is accepted and begins as soon as it can (async).";
    doc.responses.push_back(
        with_receipt(202, "the payment is not known yet; Location tells later"));
    doc.responses.push_back(refused(402, "the payment was declined"));
    return doc;
}

http::RouteDoc change_repair(const server::LimitsConfig& limits) {
    return change("Complete, reject or cancel a repair", repair_change_body.schema(limits),
                  R"({"stat":"REPAIRED","repairAmt":3000})",
                  recorded(200, "so it is now", "application/hal+json",
                           schema::hal_row(json_schema<projections::RepairRow>(), "repair")));
}

}  // namespace yeyak::api::repairshop_docs
