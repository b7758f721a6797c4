#include "api/routes/entrance.h"

#include <fmt/format.h>

#include <map>

#include "api/routes/common.h"
#include "api/routes/page.h"
#include "api/routes/problem_codes.h"
#include "api/routes/schema.h"
#include "kernel/json.h"

namespace yeyak::api {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view tag = "entrance";

// What can be done at one path.
struct Place {
    std::string tag;
    std::string title;  // "GET: List payments; POST: Pay"
    bool readable = false;
};

std::map<std::string, Place> places(const http::Router& router) {
    std::map<std::string, Place> found;
    for (const auto& route : router.routes()) {
        auto& place = found[route.pattern];
        if (place.tag.empty()) place.tag = route.doc.tag;
        place.title += fmt::format("{}{}: {}", place.title.empty() ? "" : "; ",
                                   http::to_string(route.method), route.doc.summary);
        place.readable = place.readable || route.method == http::Method::get;
    }
    return found;
}

bool is_template(std::string_view pattern) { return pattern.contains('{'); }

std::string text(std::string_view plain) {
    std::string out;
    append_json_string(out, plain);
    return out;
}

// The name of a link is its path. Patterns are URI templates (RFC 6570) as they stand.
Response root(const http::Router& router, const Request& request) {
    auto links = fmt::format(
        "\"self\":{{\"href\":{0}}},\"service-desc\":{{\"href\":{1},\"type\":\"application/json\"}},"
        "\"help\":{{\"href\":{2},\"title\":\"What the codes of problems mean\"}}",
        text(request.base + "/"), text(request.base + "/openapi.json"),
        text(request.base + "/problems"));
    for (const auto& [pattern, place] : places(router)) {
        if (pattern == "/") continue;
        links += fmt::format(",{}:{{\"href\":{}{},\"title\":{}}}", text(pattern.substr(1)),
                             text(request.base + pattern),
                             is_template(pattern) ? ",\"templated\":true" : "", text(place.title));
    }
    Response response;
    response.content_type = "application/hal+json";
    response.body = fmt::format("{{\"name\":\"Yeyak\",\"version\":\"{}\",\"_links\":{{{}}}}}",
                                YEYAK_VERSION, links);
    return response;
}

Response front_page(const http::Router& router, const Request& request) {
    std::map<std::string, std::string> groups;
    for (const auto& [pattern, place] : places(router)) {
        const auto path = html_text(pattern);
        const bool link = place.readable && !is_template(pattern);
        groups[place.tag] += fmt::format(
            "<dt>{}</dt><dd>{}</dd>\n",
            link ? fmt::format("<a href=\"{}{}\">{}</a>", html_text(request.base), path, path)
                 : path,
            html_text(place.title));
    }
    std::string body = fmt::format(
        "<p>Reservations and orders, kept as events. Programs find the same as links in "
        "<code>application/hal+json</code>, and a description in <a href=\"{0}/openapi.json\">"
        "openapi.json</a>. <a href=\"{0}/problems\">What the codes of problems mean</a></p>\n",
        html_text(request.base));
    for (const auto& [name, entries] : groups)
        body += fmt::format("<h2>{}</h2>\n<dl>\n{}</dl>\n", html_text(name), entries);
    return html_page("Yeyak", body);
}

Response codes_as_json() {
    std::string list;
    for (const auto& row : problem_codes())
        list += fmt::format("{}{{\"code\":{},\"meaning\":{}}}", list.empty() ? "" : ",",
                            text(row.code), text(row.meaning));
    return http::json(200, fmt::format("{{\"problems\":[{}]}}", list));
}

Response codes_as_page() {
    std::string list;
    for (const auto& row : problem_codes())
        list +=
            fmt::format("<dt id=\"{0}\">{0}</dt><dd>{1}</dd>\n", row.code, html_text(row.meaning));
    return html_page("What the codes of problems mean",
                     fmt::format("<p>A request that is refused is answered with a problem (RFC "
                                 "9457). Its <code>code</code> is one of these.</p>\n<dl>\n{}</dl>"
                                 "\n",
                                 list));
}

std::string root_schema() {
    const auto link = schema::object({{"href", schema::text},
                                      {"templated", schema::truth, false},
                                      {"title", schema::text, false},
                                      {"type", schema::text, false}});
    return schema::object(
        {{"name", schema::text}, {"version", schema::text}, {"_links", schema::by_name(link)}});
}

std::string codes_schema() {
    const auto row = schema::object({{"code", schema::text}, {"meaning", schema::text}});
    return schema::object({{"problems", schema::list(row)}});
}

http::RouteDoc doc_of(std::string summary, std::string_view type, std::string answer) {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = std::move(summary);
    doc.responses = {{200, "for programs", std::string{type}, std::move(answer), ""},
                     {200, "for people", "text/html", schema::text, ""}};
    doc.produces = {std::string{type}, "application/json", "text/html"};
    return doc;
}

http::Handler either(std::function<Response(Request&)> program,
                     std::function<Response(Request&)> page) {
    return at_once([program = std::move(program), page = std::move(page)](Request& request) {
        auto response = request.preferred_type == "text/html" ? page(request) : program(request);
        response.headers.add("Vary", "Accept");
        return response;
    });
}

}  // namespace

void add_entrance_routes(http::Router& router) {
    router.add({http::Method::get, "/",
                either([&router](Request& request) { return root(router, request); },
                       [&router](Request& request) { return front_page(router, request); }),
                doc_of("What there is", "application/hal+json", root_schema())});
    auto codes = doc_of("What the codes of problems mean", "application/json", codes_schema());
    codes.produces = {"application/json", "text/html"};
    router.add(
        {http::Method::get, "/problems",
         either([](Request&) { return codes_as_json(); }, [](Request&) { return codes_as_page(); }),
         std::move(codes)});
}

}  // namespace yeyak::api
