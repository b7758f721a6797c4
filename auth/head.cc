#include "auth/head.h"

#include <algorithm>

#include "auth/json_object.h"

namespace yeyak::auth {
namespace {

// Types are compared without regard to case, and "application/" may be left out (RFC 7515, 4.1.9).
bool is_type(std::string_view text, std::string_view type) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    constexpr std::string_view application = "application/";
    if (std::ranges::equal(text.substr(0, application.size()), application, {}, lower))
        text.remove_prefix(application.size());
    return std::ranges::equal(text, type, {}, lower);
}

// Others are tokens for something else: a logout token, or the answer of an introspection, must not
// let anybody in (RFC 8725, 3.11).
bool is_taken(std::string_view type) { return is_type(type, "jwt") || is_type(type, "at+jwt"); }

}  // namespace

std::expected<Head, Fault> read_head(std::string_view json) {
    const auto object = parse_object(json, Fault::not_a_token);
    if (!object) return std::unexpected(object.error());
    for (const auto* critical : {"crit", "b64", "zip"})
        if (member(*object, critical)) return std::unexpected(Fault::critical);
    if (const auto type = member(*object, "typ")) {
        const auto text = text_of(*type);
        if (!text || !is_taken(*text)) return std::unexpected(Fault::wrong_type);
    }
    const auto algorithm = member(*object, "alg").and_then(text_of);
    if (!algorithm) return std::unexpected(Fault::not_a_token);
    Head head{std::string{*algorithm}, std::nullopt};
    if (const auto key = member(*object, "kid")) {
        const auto text = text_of(*key);
        if (!text) return std::unexpected(Fault::not_a_token);
        head.key = *text;
    }
    return head;
}

}  // namespace yeyak::auth
