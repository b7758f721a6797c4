#include "api/systems/repairshop/docs.h"
#include "api/routes/route_docs.h"

namespace yeyak::api::repairshop_docs {
namespace {

constexpr std::string_view receipt_schema = R"({
 "type":"object",
 "required":["vehiNo"],
 "properties":{
  "vehiNo":{"type":"string","minLength":1,"maxLength":40,"description":"the car's plate"},
  "stat":{"type":"string","enum":["REPAIRREQUEST","REQUESTREPAIR","REPAIRREQUESTED",
   "DELIVERYREQUESTED"],"description":"the last only with delivery.mode=async"}}})";

constexpr std::string_view receipt_change_schema = R"({
 "type":"object",
 "required":["stat"],
 "properties":{
  "stat":{"type":"string","enum":["PAYMENTREQUESTED","DELIVERYREQUESTED","CANCELREQUESTED",
   "CANCEL"]},
  "payAmt":{"type":"integer","minimum":1,
   "description":"in won, as much as repairAmt; with PAYMENTREQUESTED"}}})";

constexpr std::string_view repair_change_schema = R"({
 "type":"object",
 "required":["stat"],
 "properties":{
  "stat":{"type":"string","enum":["REPAIRRECEIVED","ACCEPT","REPAIRED","COMPLETE",
   "REPAIRREJECTED","REJECT","REPAIRCANCELLED","CANCEL"]},
  "repairAmt":{"type":"integer","minimum":1,"description":"in won; with REPAIRED"},
  "reapirAmt":{"type":"integer","minimum":1,"description":"another name of repairAmt"}}})";

http::RouteDoc command(std::string summary, std::string_view schema, std::string_view example) {
    http::RouteDoc doc;
    doc.tag = "repairshop";
    doc.summary = std::move(summary);
    doc.parameters = {{"Idempotency-Key", "header", "string", false,
                       "repeating a request with the same key has no second effect and the same "
                       "answer"}};
    doc.request_schema = schema;
    doc.request_example = example;
    doc.responses = {refused(400, "a field is missing or cannot be read"),
                     refused(422, "a value does not fit, or the Idempotency-Key was used before"),
                     refused(503, "the context that is asked is stopped or overloaded")};
    doc.produces = {"application/hal+json", "application/json"};
    return doc;
}

http::RouteDoc change(std::string summary, std::string_view schema, std::string_view example) {
    auto doc = command(std::move(summary), schema, example);
    doc.parameters.push_back({"id", "path", "integer", true, ""});
    doc.responses.insert(doc.responses.begin(),
                         {{200, "so it is now", "application/hal+json", "", ""},
                          refused(404, "there is none"),
                          refused(409, "its present status does not allow this")});
    describe_conditions(doc);
    return doc;
}

}  // namespace

http::RouteDoc take_in() {
    auto doc = command("Take a car to be repaired", receipt_schema,
                       R"({"vehiNo":"0101","stat":"REPAIRREQUEST"})");
    doc.description =
        "Receipts are taken also while the repair shop does not work; the repair is registered as "
        "soon as it does.";
    doc.responses.insert(doc.responses.begin(),
                         {201, "the receipt", "application/hal+json", "", ""});
    return doc;
}

http::RouteDoc change_receipt() {
    auto doc = change("Request the payment, the delivery or the cancel of a receipt",
                      receipt_change_schema, R"({"stat":"DELIVERYREQUESTED"})");
    doc.description =
        "A payment answers when its outcome is known. A delivery begins at once or is refused "
        "(delivery.mode=sync), or is accepted and begins as soon as it can (async).";
    doc.responses.push_back({202, "the payment is not known yet; Location tells later",
                             "application/hal+json", "", ""});
    doc.responses.push_back(refused(402, "the payment was declined"));
    return doc;
}

http::RouteDoc change_repair() {
    return change("Complete, reject or cancel a repair", repair_change_schema,
                  R"({"stat":"REPAIRED","repairAmt":3000})");
}

}  // namespace yeyak::api::repairshop_docs
