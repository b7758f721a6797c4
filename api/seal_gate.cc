#include "api/seal_gate.h"

#include <algorithm>
#include <array>

#include "api/http/problem.h"

namespace yeyak::api {
namespace {

// What is under /audit/ and read by people. The trail opens texts itself, before it makes HTML or
// CSV of them.
constexpr std::array<std::string_view, 2> for_people{"/audit/exports", "/audit/erasures"};

bool is_evidence(std::string_view path) {
    return path.starts_with("/audit/") &&
           std::ranges::none_of(for_people, [&](auto each) { return path.starts_with(each); });
}

}  // namespace

std::optional<http::Response> refuse_sealed_texts(const http::Request& request) {
    const auto named = [](const NamedValue& each) {
        return privacy::mentions_seal(each.name) || privacy::mentions_seal(each.value);
    };
    if (!privacy::mentions_seal(request.target) && !privacy::mentions_seal(request.path) &&
        std::ranges::none_of(request.query, named) &&
        std::ranges::none_of(request.headers, named) && !privacy::mentions_seal(request.body))
        return std::nullopt;
    return http::problem(422, "reserved_text",
                         "the request holds a text that begins like a value that this server has "
                         "sealed; no request may");
}

bool reveal_answer(privacy::PersonKeys& keys, const http::Request& request,
                   std::string_view content_type, std::string& body) {
    if (!body.contains(privacy::seal_mark)) return false;
    if (!content_type.contains("json") && content_type != "text/event-stream") return false;
    if (is_evidence(request.path) || request.header("Yeyak-Sealed") == "keep") return false;
    keys.reveal_json(body);
    return true;
}

}  // namespace yeyak::api
