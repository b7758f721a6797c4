#include "api/routes/openapi.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "api/routes/common.h"
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
constexpr std::string_view components = R"({
 "schemas":{"Problem":{"type":"object","required":["type","title","status","code","detail"],
  "properties":{"type":{"type":"string","format":"uri-reference"},"title":{"type":"string"},
   "status":{"type":["integer","string"]},
   "code":{"type":"string","description":"stable, for programs"},
   "detail":{"type":"string","description":"what, where and how to mend it, for people"},
   "instance":{"type":"string","format":"uri-reference"},"correlationId":{"type":"string"},
   "field":{"type":"string","description":"the field, parameter or header that is wrong"}}}},
 "responses":{"Problem":{"description":"refused, or failed: the code says why",
  "content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}}})";

std::string parameters(const http::RouteDoc& doc) {
    std::string list;
    for (const auto& p : doc.parameters) {
        list += list.empty() ? "" : ",";
        list += fmt::format(
            "{{\"name\":{},\"in\":\"{}\",\"required\":{},\"description\":{},\"schema\":{{\"type\":"
            "\"{}\"}}}}",
            json_text(p.name), p.in, p.required, json_text(p.description), p.type);
    }
    return list;
}

std::string request_body(const http::RouteDoc& doc) {
    if (doc.request_schema.empty()) return "";
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
    if (!doc.any_type_with.empty()) content += ",\"*/*\":{}";
    return fmt::format(",\"requestBody\":{{\"required\":true,\"content\":{{{}}}}}", content);
}

// One entry for each status, and in it one for each content type: the first that is described.
std::string responses(const http::RouteDoc& doc) {
    std::map<int, std::pair<std::string, std::string>> by_status;  // description, content
    for (const auto& r : doc.responses) {
        auto& [description, content] = by_status[r.status];
        description += (description.empty() ? "" : "; or ") + r.description;
        // Problems are of one shape, for whatever reason a status is answered.
        if (r.content_type.empty() || content.contains(json_text(r.content_type) + ":{")) continue;
        content += content.empty() ? "" : ",";
        const bool is_problem = r.schema.empty() && r.content_type == "application/problem+json";
        const std::string schema =
            is_problem ? R"({"$ref":"#/components/schemas/Problem"})" : r.schema;
        content += json_text(r.content_type) + ":{";
        if (!schema.empty()) content += "\"schema\":" + schema;
        if (!r.example.empty())
            content += (schema.empty() ? "\"example\":" : ",\"example\":") + r.example;
        content += '}';
    }
    std::string list;
    for (const auto& [status, told] : by_status) {
        list += fmt::format("{}\"{}\":{{\"description\":{}", list.empty() ? "" : ",", status,
                            json_text(told.first));
        if (!told.second.empty()) list += fmt::format(",\"content\":{{{}}}", told.second);
        list += '}';
    }
    // What the server answers wherever it must, whatever the operation.
    for (const std::string_view others : {"4XX", "5XX"})
        list += fmt::format("{}\"{}\":{{\"$ref\":\"#/components/responses/Problem\"}}",
                            list.empty() ? "" : ",", others);
    return list;
}

}  // namespace

std::string openapi_document(const http::Router& router, std::string_view version) {
    std::map<std::string, std::string> paths;
    std::set<std::string> ids;
    for (const auto& route : router.routes()) {
        const auto id = operation_id(route);
        ensure(ids.insert(id).second, "every operation has an id of its own");
        auto& operations = paths[route.pattern];
        operations += operations.empty() ? "" : ",";
        operations += fmt::format(
            "\"{}\":{{\"operationId\":\"{}\",\"summary\":{},\"description\":{},\"tags\":[{}],"
            "\"parameters\":[{}]{},"
            "\"responses\":{{{}}}}}",
            method_name(route.method), id, json_text(route.doc.summary),
            json_text(route.doc.description), json_text(route.doc.tag), parameters(route.doc),
            request_body(route.doc), responses(route.doc));
    }
    std::string list;
    for (const auto& [path, operations] : paths)
        list += fmt::format("{}{}:{{{}}}", list.empty() ? "" : ",", json_text(path), operations);
    return fmt::format(
        "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"Yeyak\",\"version\":{},\"license\":{{"
        "\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}}}},\"servers\":[{{\"url\":\"/\"}}],"
        "\"security\":[],\"paths\":{{{}}},\"components\":{}}}",
        json_text(version), list, components);
}

void add_openapi_route(http::Router& router, std::string_view version) {
    const auto document = std::make_shared<std::string>();
    http::RouteDoc doc;
    doc.tag = "operation";
    doc.summary = "This document";
    doc.responses = {{200, "OpenAPI 3.1", "application/json", "", ""}};
    router.add({http::Method::get, "/openapi.json",
                at_once([document](http::Request&) { return http::json(200, *document); }),
                std::move(doc)});
    *document = openapi_document(router, version);
}

}  // namespace yeyak::api
