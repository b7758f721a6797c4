#include "api/http/problem.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/utf8.h"

namespace yeyak::http {
namespace {

constexpr std::string_view opening = "{\"type\":\"/problems#";
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

void append_escaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const char c = text.front();
        const auto character = first_character(text);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += character ? text.substr(0, character->bytes) : replacement;
        }
        text.remove_prefix(character ? character->bytes : 1);
    }
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += ",\"";
    out += name;
    out += "\":\"";
    append_escaped(out, value);
    out += '"';
}

}  // namespace

std::string json_string(std::string_view text) {
    std::string out = "\"";
    append_escaped(out, text);
    out += '"';
    return out;
}

Response problem(const Problem& p) {
    Response response;
    response.status = p.status;
    response.content_type = "application/problem+json";
    std::string& out = response.body;
    response.problem_code = p.code;
    out += opening;
    out += p.code;
    out += '"';
    append_member(out, "title", p.title.empty() ? reason_phrase(p.status) : p.title);
    // The status of the answer, unless the member of that name says something of the resource.
    if (std::ranges::find(p.extra, "status", &NamedValue::name) == p.extra.end())
        out += fmt::format(",\"status\":{}", p.status);
    append_member(out, "code", p.code);
    append_member(out, "detail", p.detail);
    append_member(out, "field", p.field);
    for (const NamedValue& member : p.extra) {
        out += ',';
        out += json_string(member.name);
        out += ':';
        out += member.value;
    }
    out += '}';
    return response;
}

void complete_problem(const Request& request, Response& response) {
    auto& body = response.body;
    if (response.problem_code.empty() || !body.starts_with(opening)) return;
    body.insert(opening.find('/'), request.base);
    body.pop_back();
    append_member(body, "instance", request.target);
    append_member(body, "correlationId", request.correlation_id);
    body += '}';
}

Response problem(int status, std::string_view code, std::string_view detail,
                 std::string_view field) {
    Problem p;
    p.status = status;
    p.code = code;
    p.detail = detail;
    p.field = field;
    return problem(p);
}

}  // namespace yeyak::http
