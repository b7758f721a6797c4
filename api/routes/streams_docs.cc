#include "api/routes/streams_docs.h"
#include "api/routes/route_docs.h"

namespace yeyak::api::streams_docs {
namespace {

constexpr std::string_view tag = "event store";

constexpr std::string_view event_schema = R"({
 "type":"object","required":["type","data"],
 "properties":{
  "type":{"type":"string","minLength":1,"maxLength":200},
  "data":{"type":"object"},
  "id":{"type":"string","maxLength":200},
  "tags":{"type":"array","items":{"type":"string"},"maxItems":32},
  "correlationid":{"type":"string"},"causationid":{"type":"string"},"actor":{"type":"string"},
  "specversion":{"type":"string","const":"1.0"},"source":{"type":"string"},
  "subject":{"type":"string"},"time":{"type":"string","format":"date-time"}}})";

constexpr std::string_view event_example =
    R"({"type":"ordered","data":{"item":"fold","quantity":1},"tags":["user:1"]})";

constexpr std::string_view commit_schema = R"({
 "type":"object","required":["appends"],
 "properties":{
  "appends":{"type":"array","items":{"type":"object","required":["stream","events"],
   "properties":{"stream":{"type":"string"},"expected":{},"events":{"type":"array"}}}},
  "conditions":{"type":"array","items":{"type":"object",
   "properties":{"after":{"type":"integer"},"categories":{"type":"array"},
    "types":{"type":"array"},"tags":{"type":"array"}}}}}})";

constexpr std::string_view commit_example =
    R"({"appends":[{"stream":"orders-1","expected":"no-stream","events":[{"type":"ordered",)"
    R"("data":{"item":"fold"}}]},{"stream":"stock-fold","expected":"any","events":)"
    R"([{"type":"taken","data":{"quantity":1}}]}],)"
    R"("conditions":[{"after":0,"tags":["recall:fold"]}]})";

http::ParameterDoc query(std::string name, std::string type, std::string description) {
    return {std::move(name), "query", std::move(type), false, std::move(description)};
}

http::ParameterDoc header(std::string name, std::string description) {
    return {std::move(name), "header", "string", false, std::move(description)};
}

http::ParameterDoc stream() { return {"stream", "path", "string", true, "name of the stream"}; }

http::RouteDoc write_doc() {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.accepts = {"application/json", "application/cloudevents+json",
                   "application/cloudevents-batch+json"};
    doc.responses = {
        {201, "durable", "application/json", "", ""},
        refused(400, "the body cannot be read"),
        refused(403, "the stream belongs to a system"),
        refused(409, "an expectation or a condition is not met"),
        refused(
            422,
            "a limit is passed, a condition is too wide to be checked, or the Idempotency-Key was "
            "used before"),
        refused(507, "the disk is nearly full; reads go on")};
    return doc;
}

}  // namespace

http::RouteDoc append() {
    auto doc = write_doc();
    doc.summary = "Append events to a stream";
    doc.description = "The body is one event or an array of events, as CloudEvents 1.0 in JSON.";
    doc.parameters = {
        stream(), header("Expected-Version", "any (default), no-stream, exists or a version"),
        header("If-Match", "the ETag of the stream, or several, or *"),
        header("If-None-Match", "ETags that the stream must not have; *: it must not exist"),
        header("Idempotency-Key", "repeating the request has no second effect")};
    doc.request_schema = event_schema;
    doc.request_example = event_example;
    doc.responses.push_back(refused(412, "If-Match or If-None-Match is not met"));
    return doc;
}

http::RouteDoc commit() {
    auto doc = write_doc();
    doc.summary = "Append to several streams, all or nothing";
    doc.parameters = {header("Idempotency-Key", "repeating the request has no second effect")};
    doc.request_schema = commit_schema;
    doc.request_example = commit_example;
    doc.accepts = {"application/json"};
    return doc;
}

http::RouteDoc read() {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Read a stream";
    doc.parameters = {stream(), query("from", "integer", "first version wanted"),
                      query("direction", "string", "forward (default) or backward"),
                      query("limit", "integer", "1 to 1000, 100")};
    doc.responses = {{200, "a page of events", "application/json", "", ""},
                     refused(404, "there is no such stream")};
    return doc;
}

http::RouteDoc events() {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Read all events, or follow them live";
    doc.description =
        "With Accept: text/event-stream the answer goes on with every new event; "
        "Last-Event-ID resumes after a position. A filter has at most 64 values. A page that ends "
        "before the end of the log, even one without any event, says where to go on: nextAfter.";
    doc.parameters = {query("after", "integer", "position to begin after, 0"),
                      query("category", "string", "may be repeated: any of them"),
                      query("type", "string", "may be repeated"),
                      query("tag", "string", "may be repeated"),
                      query("limit", "integer", "1 to 1000, 100"),
                      header("Last-Event-ID", "of the live feed: position to resume after")};
    doc.responses = {{200, "a page of events", "application/json", "", ""},
                     {200, "a live feed", "text/event-stream", "", ""},
                     {503, "too many feeds", "application/problem+json", "", ""}};
    doc.produces = {"application/json", "text/event-stream"};
    return doc;
}

}  // namespace yeyak::api::streams_docs
