#include "api/routes/openapi.h"

#include <fmt/format.h>

#include <map>
#include <memory>

#include "api/routes/common.h"
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
        content += fmt::format("{}{}:{{\"schema\":{}", content.empty() ? "" : ",", json_text(type),
                               doc.request_schema);
        if (!doc.request_example.empty())
            content += fmt::format(",\"example\":{}", doc.request_example);
        content += '}';
    }
    return fmt::format(",\"requestBody\":{{\"required\":true,\"content\":{{{}}}}}", content);
}

// One entry for each status: two answers of one status differ in their content type.
std::string responses(const http::RouteDoc& doc) {
    std::map<int, std::pair<std::string, std::string>> by_status;  // description, content
    for (const auto& r : doc.responses) {
        auto& [description, content] = by_status[r.status];
        description += (description.empty() ? "" : "; or ") + r.description;
        if (r.content_type.empty()) continue;
        content += content.empty() ? "" : ",";
        content += json_text(r.content_type) + ":{";
        if (!r.schema.empty()) content += "\"schema\":" + r.schema;
        if (!r.example.empty())
            content += (r.schema.empty() ? "\"example\":" : ",\"example\":") + r.example;
        content += '}';
    }
    std::string list;
    for (const auto& [status, told] : by_status) {
        list += fmt::format("{}\"{}\":{{\"description\":{}", list.empty() ? "" : ",", status,
                            json_text(told.first));
        if (!told.second.empty()) list += fmt::format(",\"content\":{{{}}}", told.second);
        list += '}';
    }
    return list;
}

}  // namespace

std::string openapi_document(const http::Router& router, std::string_view version) {
    std::map<std::string, std::string> paths;
    for (const auto& route : router.routes()) {
        auto& operations = paths[route.pattern];
        operations += operations.empty() ? "" : ",";
        operations += fmt::format(
            "\"{}\":{{\"summary\":{},\"description\":{},\"tags\":[{}],\"parameters\":[{}]{},"
            "\"responses\":{{{}}}}}",
            method_name(route.method), json_text(route.doc.summary),
            json_text(route.doc.description), json_text(route.doc.tag), parameters(route.doc),
            request_body(route.doc), responses(route.doc));
    }
    std::string list;
    for (const auto& [path, operations] : paths)
        list += fmt::format("{}{}:{{{}}}", list.empty() ? "" : ",", json_text(path), operations);
    return fmt::format(
        "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"Yeyak\",\"version\":{},\"license\":{{"
        "\"name\":\"Apache-2.0\"}}}},\"paths\":{{{}}}}}",
        json_text(version), list);
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
