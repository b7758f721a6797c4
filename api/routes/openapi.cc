#include "api/routes/openapi.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "api/routes/common.h"
#include "api/routes/header_docs.h"
#include "api/routes/schema.h"
#include "kernel/ensure.h"
#include "kernel/json.h"

namespace yeyak::api {
namespace {

std::string json_text(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string_view method_name(http::Method method) {
    switch (method) {
        case http::Method::get:
            return "get";
        case http::Method::head:
            return "head";
        case http::Method::post:
            return "post";
        case http::Method::put:
            return "put";
        case http::Method::patch:
            return "patch";
        case http::Method::delete_:
            return "delete";
        case http::Method::options:
            return "options";
    }
    return "";
}

// "getStreamsByStream" of GET /streams/{stream}: what generated clients call the operation.
std::string operation_id(const http::Route& route) {
    std::string id{method_name(route.method)};
    bool begins_word = true;
    for (const char c : route.pattern) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c == '{') id += "By";
        if (!letter && (c < '0' || c > '9')) {
            begins_word = true;
            continue;
        }
        id += begins_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        begins_word = false;
    }
    return id;
}

// Problem details (RFC 9457) as api/http/problem.cc writes them.
constexpr std::string_view problem_schema = R"({"type":"object",
  "required":["type","title","status","code","detail","correlationId"],
  "properties":{"type":{"type":"string","format":"uri-reference"},"title":{"type":"string"},
   "status":{"type":["integer","string"]},
   "code":{"type":"string","description":"stable, for programs"},
   "detail":{"type":"string","description":"what, where and how to mend it, for people"},
   "instance":{"type":"string"},"correlationId":{"type":"string"},
   "field":{"type":"string","description":"the field, parameter or header that is wrong"},
   "errors":{"type":"array","description":"all that is wrong, where it is told at once",
    "items":{"type":"object","required":["field","code","detail"],"properties":{
     "field":{"type":"string",
      "description":"as a path: items[2].price; a name with dots or brackets as [\"a.b\"]"},
     "code":{"type":"string"},"detail":{"type":"string"},
     "pointer":{"type":"string","description":"of the field in the body, as in RFC 6901"}}}}},
  "additionalProperties":{"description":"what else is known of the refusal"}})";

// What any request may have.
constexpr std::string_view any_request = R"("X-Correlation-Id":{
  "name":"X-Correlation-Id","in":"header","required":false,"schema":{"type":"string"},
  "description":"goes with all that follows; 1 to 64 letters, digits, '.', '_' and '-'"},
 "Yeyak-Sealed":{
  "name":"Yeyak-Sealed","in":"header","required":false,"schema":{"type":"string"},
  "description":"keep: shows personal texts as they are kept, sealed"})";

std::string header_component(std::string_view name, const HeaderDoc& header, bool always) {
    return fmt::format(R"("{}":{{"required":{},"description":{},"schema":{}}})", name, always,
                       json_text(header.about), header.schema);
}

bool is_problem_header(std::string_view name) {
    return std::ranges::find(problem_headers, name) != std::end(problem_headers);
}

// Those that are spoken of: by `paths`, or by any problem.
std::string header_components(std::string_view paths) {
    std::string list;
    const auto add = [&](std::string_view name, const HeaderDoc& header, bool always) {
        list += (list.empty() ? "" : ",") + header_component(name, header, always);
    };
    for (const auto& header : header_docs()) {
        if (paths.contains(fmt::format("#/components/headers/{}\"", header.name)))
            add(header.name, header, header.always);
        if (is_problem_header(header.name))
            add(fmt::format("problem.{}", header.name), header, false);
    }
    return list;
}

std::string header_ref(std::string_view name, std::string_view prefix = "") {
    const auto known = std::ranges::find(header_docs(), name, &HeaderDoc::name);
    ensure(known != header_docs().end(), "a header of an answer is in the table of header_docs.cc");
    return fmt::format(R"("{0}":{{"$ref":"#/components/headers/{1}{0}"}})", name, prefix);
}

using Names = std::set<std::string_view>;

// The header fields of the answers with one status: of those that are none, and of problems.
std::string headers(const Names& own, const Names& of_problem) {
    auto list = header_ref(every_answer);
    for (const auto name : any_answer) list += "," + header_ref(name);
    for (const auto name : own) list += "," + header_ref(name);
    for (const auto name : of_problem)
        if (!own.contains(name)) list += "," + header_ref(name, "problem.");
    return fmt::format(R"(,"headers":{{{}}})", list);
}

// What a problem of this status may have at this route.
Names problem_headers_of(const http::RouteDoc& doc, int status) {
    Names names;
    if (status == 409 || status == 503) names.insert("Retry-After");
    const bool is_command = std::ranges::any_of(
        doc.parameters, [](const auto& p) { return p.name == "Idempotency-Key"; });
    if (is_command)
        names.insert({"Idempotent-Replayed", "Link", "Yeyak-Position", "Yeyak-Stream-Version"});
    const bool shows_a_view = std::ranges::any_of(doc.responses, [](const auto& response) {
        return std::ranges::find(response.headers, "Yeyak-Lag") != response.headers.end();
    });
    if (shows_a_view && status == 404) names.insert({"Yeyak-Lag", "Yeyak-Position"});
    return names;
}

// Who may use an operation; nothing where nobody is asked who he is.
std::string security(const http::Route& route, const AccessTable* table) {
    if (!table) return {};
    const auto* access = table->find(route);
    if (!access) return {};  // the program does not start with such a route
    if (access->anybody()) return R"("security":[],)";
    std::string roles;
    for (const auto& [role, reach] : access->grants())
        roles += fmt::format(R"({}"{}":"{}")", roles.empty() ? "" : ",", role, to_string(reach));
    return fmt::format(R"("security":[{{"bearer":[]}}],"x-roles":{{{}}},)", roles);
}

constexpr std::string_view bearer =
    R"("securitySchemes":{"bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT",)"
    R"("description":"roles are in the claim roles; x-roles of an operation says which may use it,)"
    R"( and whether they reach all, may look at all, or reach their own"}},)";

std::string components(std::string_view paths, const AccessTable* table) {
    return fmt::format(
        R"({{{}"schemas":{{"Problem":{},{}}},"parameters":{{{}}},"headers":{{{}}},)"
        R"("responses":{{"Problem":{{"description":"refused, or failed: the code says why"{},)"
        R"("content":{{"application/problem+json":)"
        R"({{"schema":{{"$ref":"#/components/schemas/Problem"}}}}}}}}}}}})",
        table ? bearer : "", problem_schema, schema::hal_components(), any_request,
        header_components(paths),
        headers({}, {std::begin(problem_headers), std::end(problem_headers)}));
}

std::string parameter(const http::ParameterDoc& p) {
    const auto schema = p.schema.empty() ? fmt::format(R"({{"type":"{}"}})", p.type) : p.schema;
    return fmt::format(R"({{"name":{},"in":"{}","required":{},"description":{},"schema":{}}})",
                       json_text(p.name), p.in, p.required, json_text(p.description), schema);
}

std::string parameters(const http::RouteDoc& doc) {
    std::string list = R"({"$ref":"#/components/parameters/X-Correlation-Id"},)"
                       R"({"$ref":"#/components/parameters/Yeyak-Sealed"})";
    for (const auto& p : doc.parameters) list += "," + parameter(p);
    return list;
}

// The router lets JSON pass also where nobody looks at it.
constexpr std::string_view unread_body =
    R"(,"requestBody":{"required":false,"description":"nobody looks at it",)"
    R"("content":{"application/json":{}}})";

std::string request_body(const http::Route& route) {
    const auto& doc = route.doc;
    if (doc.request_schema.empty())
        return route.method == http::Method::get ? "" : std::string{unread_body};
    std::string content;
    for (const auto& type : doc.accepts) {
        const auto own = std::ranges::find(doc.bodies, type, &http::BodyDoc::content_type);
        const bool usual = own == doc.bodies.end();
        const auto& example = usual ? doc.request_example : own->example;
        content += fmt::format("{}{}:{{\"schema\":{}", content.empty() ? "" : ",", json_text(type),
                               (usual ? doc.request_schema : own->schema).text());
        if (!example.empty()) content += fmt::format(",\"example\":{}", example);
        content += '}';
    }
    // Data of an event in binary mode may also be none.
    const bool any_type = !doc.any_type_with.empty();
    if (any_type) content += ",\"*/*\":{}";
    return fmt::format(",\"requestBody\":{{\"required\":{},\"content\":{{{}}}}}",
                       doc.request_required && !any_type, content);
}

// The answers with one status.
struct Answers {
    std::string description;
    std::string content;
    Names headers;
    bool has_problem = false;
};

// In it one entry for each content type: the first that is described.
void take(Answers& answers, const http::ResponseDoc& r) {
    answers.description += (answers.description.empty() ? "" : "; or ") + r.description;
    answers.headers.insert(r.headers.begin(), r.headers.end());
    const bool is_problem = r.content_type == "application/problem+json";
    answers.has_problem = answers.has_problem || is_problem;
    auto& content = answers.content;
    // Problems are of one shape, for whatever reason a status is answered.
    if (r.content_type.empty() || content.contains(json_text(r.content_type) + ":{")) return;
    const std::string schema = is_problem ? R"({"$ref":"#/components/schemas/Problem"})" : r.schema;
    content += content.empty() ? "" : ",";
    content += json_text(r.content_type) + ":{";
    if (!schema.empty()) content += "\"schema\":" + schema;
    if (!r.example.empty())
        content += (schema.empty() ? "\"example\":" : ",\"example\":") + r.example;
    content += '}';
}

std::string responses(const http::RouteDoc& doc) {
    std::map<int, Answers> by_status;
    for (const auto& r : doc.responses) take(by_status[r.status], r);
    std::string list;
    for (auto& [status, told] : by_status) {
        // Also where the answer is another one, the server itself may refuse.
        if (status >= 400 && !told.has_problem)
            take(told, {status, "a problem", "application/problem+json", "", ""});
        list += fmt::format(
            "{}\"{}\":{{\"description\":{}{}", list.empty() ? "" : ",", status,
            json_text(told.description),
            headers(told.headers, told.has_problem ? problem_headers_of(doc, status) : Names{}));
        if (!told.content.empty()) list += fmt::format(",\"content\":{{{}}}", told.content);
        list += '}';
    }
    // What the server answers wherever it must, whatever the operation.
    for (const std::string_view others : {"4XX", "5XX"})
        list += fmt::format("{}\"{}\":{{\"$ref\":\"#/components/responses/Problem\"}}",
                            list.empty() ? "" : ",", others);
    return list;
}

// Of this document, as far as a client needs it to find its way.
std::string own_schema() {
    const std::string object = R"({"type":"object"})";
    return schema::object({{"openapi", schema::one_of({"3.1.0"})},
                           {"info", object},
                           {"servers", schema::list(object)},
                           {"security", schema::list(object)},
                           {"paths", object},
                           {"components", object}});
}

}  // namespace

std::string openapi_document(const http::Router& router, std::string_view version,
                             const AccessTable* table) {
    std::map<std::string, std::string> paths;
    std::set<std::string> ids;
    for (const auto& route : router.routes()) {
        const auto id = operation_id(route);
        ensure(ids.insert(id).second, "every operation has an id of its own");
        auto& operations = paths[route.pattern];
        operations += operations.empty() ? "" : ",";
        operations += fmt::format(
            "\"{}\":{{\"operationId\":\"{}\",\"summary\":{},\"description\":{},\"tags\":[{}],"
            "{}\"parameters\":[{}]{},"
            "\"responses\":{{{}}}}}",
            method_name(route.method), id, json_text(route.doc.summary),
            json_text(route.doc.description), json_text(route.doc.tag), security(route, table),
            parameters(route.doc), request_body(route), responses(route.doc));
    }
    std::string list;
    for (const auto& [path, operations] : paths)
        list += fmt::format("{}{}:{{{}}}", list.empty() ? "" : ",", json_text(path), operations);
    return fmt::format(
        "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"Yeyak\",\"version\":{},\"license\":{{"
        "\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}}}},\"servers\":[{{\"url\":\"/\"}}],"
        "\"security\":[],\"paths\":{{{}}},\"components\":{}}}",
        json_text(version), list, components(list, table));
}

void add_openapi_route(http::Router& router, std::string_view version, const AccessTable* table) {
    const auto document = std::make_shared<std::string>();
    http::RouteDoc doc;
    doc.tag = "operation";
    doc.summary = "This document";
    doc.responses = {{200, "OpenAPI 3.1", "application/json", own_schema(), ""}};
    router.add({http::Method::get, "/openapi.json",
                at_once([document](http::Request&) { return http::json(200, *document); }),
                std::move(doc)});
    *document = openapi_document(router, version, table);
}

}  // namespace yeyak::api
