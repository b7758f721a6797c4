#include "api/routes/streams_docs.h"

#include <fmt/format.h>

#include "api/routes/binary_event.h"
#include "api/routes/event_body.h"
#include "api/routes/route_docs.h"
#include "api/routes/stream_reads.h"

namespace yeyak::api::streams_docs {
namespace {

constexpr std::string_view tag = "event store";

// An event as it is read; extension attributes beside these.
constexpr std::string_view cloud_event = R"({
 "type":"object","required":["specversion","id","source","type","position","stream","version",
  "recordedtime","leafhash"],
 "properties":{
  "specversion":{"type":"string","const":"1.0"},"id":{"type":"string"},
  "source":{"type":"string","format":"uri-reference"},"type":{"type":"string"},
  "subject":{"type":"string"},"time":{"type":"string","format":"date-time"},
  "datacontenttype":{"type":"string"},"dataschema":{"type":"string","format":"uri"},
  "position":{"type":"integer"},"stream":{"type":"string"},"version":{"type":"integer"},
  "recordedtime":{"type":"string","format":"date-time"},"correlationid":{"type":"string"},
  "causationid":{"type":"string"},"actor":{"type":"string"},"tags":{"type":"string"},
  "leafhash":{"type":"string"},"data":{"description":"any JSON"},
  "data_base64":{"type":"string","contentEncoding":"base64"}},
 "additionalProperties":{"description":"extension attributes of the writer",
  "type":["string","boolean","integer"]}})";

std::string list_of_events() {
    return fmt::format(R"({{"type":"array","items":{}}})", cloud_event);
}

std::string object_of(std::string_view required, std::string_view properties) {
    return fmt::format(R"({{"type":"object","required":[{}],"properties":{{{}}}}})", required,
                       properties);
}

std::string appended() {
    return object_of(R"("stream","version","first","position")",
                     R"("stream":{"type":"string"},"version":{"type":"integer"},)"
                     R"("first":{"type":"integer"},"position":{"type":"integer"})");
}

std::string committed() {
    return object_of(R"("first","position","streams")",
                     R"("first":{"type":"integer"},"position":{"type":"integer"},)"
                     R"("streams":{"type":"array","items":{"type":"object",)"
                     R"("required":["stream","version"],"properties":{)"
                     R"("stream":{"type":"string"},"version":{"type":"integer"}}}})");
}

std::string page_of_stream() {
    return object_of(R"("stream","version","end","events")",
                     R"("stream":{"type":"string"},"version":{"type":"integer"},)"
                     R"("end":{"type":"boolean"},"next":{"type":"string"},"events":)" +
                         list_of_events());
}

std::string page_of_events() {
    return object_of(R"("events","nextAfter","end","head")",
                     R"("nextAfter":{"type":"integer"},"end":{"type":"boolean"},)"
                     R"("head":{"type":"integer"},"events":)" +
                         list_of_events());
}

constexpr std::string_view cloud_event_example =
    R"({"specversion":"1.0","id":"a-1","source":"https://shop.test/orders","type":"ordered",)"
    R"("tags":"user:1","data":{"item":"fold","quantity":1}})";

constexpr std::string_view event_example =
    R"({"type":"ordered","data":{"item":"fold","quantity":1},"tags":["user:1"]})";

constexpr std::string_view commit_example =
    R"({"appends":[{"stream":"orders-1","expected":"no-stream","events":[{"type":"ordered",)"
    R"("data":{"item":"fold"}}]},{"stream":"stock-fold","expected":"any","events":)"
    R"([{"type":"taken","data":{"quantity":1}}]}],)"
    R"("conditions":[{"after":0,"tags":["recall:fold"]}]})";

http::ParameterDoc header(std::string name, std::string description) {
    return {std::move(name), "header", "string", false, std::move(description)};
}

http::ParameterDoc stream() { return {"stream", "path", "string", true, "name of the stream"}; }

http::RouteDoc write_doc(std::string answer) {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.accepts = {"application/json", "application/cloudevents+json",
                   "application/cloudevents-batch+json"};
    doc.responses = {
        {201, "durable", "application/json", std::move(answer), "", {"Yeyak-Position", "Link"}},
        refused(400, "the body cannot be read"),
        refused(403, "the stream belongs to a system"),
        refused(409,
                "an expectation or a condition is not met, or another event has the id "
                "(event_id_used)"),
        refused(
            422,
            "a limit is passed, a condition is too wide to be checked, or the Idempotency-Key was "
            "used before"),
        refused(507, "the disk is nearly full; reads go on")};
    return doc;
}

}  // namespace

http::RouteDoc append() {
    auto doc = write_doc(appended());
    doc.summary = "Append events to a stream";
    doc.description =
        "The body is one event or an array of events in JSON; or CloudEvents 1.0 in each of their "
        "modes: one structured, a batch, or one in binary mode, with ce-id, ce-source, ce-type and "
        "the other attributes as header fields and its data as the body. The same events again, "
        "known by their ids, are answered with where they stand. Attributes that are not named "
        "here "
        "are the writer's own, so that a name that is misspelt in lower-case letters is kept as "
        "one. "
        "Together the attributes of an event have at most 4096 bytes, and are at most 32.";
    doc.any_type_with = binary_mark;
    const std::string one{cloud_event_example};
    doc.bodies = {
        {std::string{cloud_event_type}, schema_of_events(Envelope::structured), one},
        {std::string{cloud_event_batch_type}, schema_of_events(Envelope::batch), "[" + one + "]"}};
    doc.parameters = {
        stream(),
        header(std::string{binary_mark}, "of the binary mode: 1.0"),
        header("Expected-Version", "any (default), no-stream, exists or a version"),
        header("If-Match", "the ETag of the stream, or several, or *"),
        header("If-None-Match", "ETags that the stream must not have; *: it must not exist"),
        header("Idempotency-Key", "repeating the request has no second effect")};
    doc.request_schema = schema_of_events(Envelope::any);
    doc.request_example = event_example;
    doc.responses.push_back(refused(412, "If-Match or If-None-Match is not met"));
    auto& durable = doc.responses.front().headers;
    durable.insert(durable.end(), {"Location", "ETag", "Yeyak-Stream-Version"});
    return doc;
}

http::RouteDoc commit() {
    auto doc = write_doc(committed());
    doc.summary = "Append to several streams, all or nothing";
    doc.description =
        "Events are those of an append to one stream. Together the appends hold at most 4096 "
        "events, "
        "and the conditions name at most 100 values.";
    doc.parameters = {header("Idempotency-Key", "repeating the request has no second effect")};
    doc.request_schema = schema_of_commit();
    doc.request_example = commit_example;
    doc.accepts = {"application/json"};
    return doc;
}

http::ResponseDoc page_as_batch() {
    return {200,
            "the same as CloudEvents, with a Link to the next page",
            std::string{cloud_event_batch_type},
            list_of_events(),
            "",
            {"Link"}};
}

http::RouteDoc read() {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Read a stream";
    doc.parameters = {stream(), number_doc("from", 1, INT64_MAX, "first version wanted"),
                      word_doc("direction", {"forward", "backward"}, "forward (default)"),
                      number_doc("limit", 1, 1000, "1 to 1000, 100")};
    doc.responses = {{200, "a page of events", "application/json", page_of_stream(), ""},
                     page_as_batch(),
                     refused(404, "there is no such stream")};
    describe_revision(doc);
    doc.produces = {"application/json", std::string{cloud_event_batch_type}};
    return doc;
}

http::RouteDoc read_one() {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = "Read one event of a stream";
    doc.parameters = {stream(),
                      {"version", "path", "integer", true, "its place in the stream"},
                      word_doc("mode", {"structured", "binary"},
                               "structured (default), or binary: attributes in header fields, the "
                               "data as the body")};
    doc.responses = {
        {200, "a CloudEvent", std::string{cloud_event_type}, std::string{cloud_event}, ""},
        {200, "the data of one in binary mode", "*/*", schema::any, "", {"ce-specversion"}},
        refused(404, "there is no such stream or event")};
    doc.produces = {};
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
    const auto repeated = [](std::string name) {
        return query_doc(std::move(name), "array", "may be repeated: any of them",
                         R"({"type":"array","items":{"type":"string"},"maxItems":64})");
    };
    doc.parameters = {
        number_doc("after", 0, INT64_MAX, "position to begin after, 0"),
        repeated("category"),
        repeated("type"),
        repeated("tag"),
        number_doc("limit", 1, 1000, "of a page: 1 to 1000, 100"),
        number_doc("lastEventId", 0, INT64_MAX, "of the live feed: as Last-Event-ID, for pages"),
        query_doc("named", "boolean",
                  "of the live feed: whether events have their type as name, true"),
        header("Last-Event-ID", "of the live feed: position to resume after")};
    doc.responses = {{200, "a page of events", "application/json", page_of_events(), ""},
                     page_as_batch(),
                     {200, "a live feed", "text/event-stream", schema::text, ""},
                     refused(503, "too many feeds")};
    doc.produces = {"application/json", "text/event-stream", std::string{cloud_event_batch_type}};
    return doc;
}

}  // namespace yeyak::api::streams_docs
