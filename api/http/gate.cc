#include "api/http/gate.h"

#include <algorithm>
#include <array>
#include <limits>

#include "kernel/edge/addresses.h"

namespace yeyak::http {
namespace {

using CharSet = std::array<bool, 256>;

consteval CharSet char_set(std::string_view others) {
    CharSet set{};
    for (int c = '0'; c <= '9'; ++c) set[static_cast<std::size_t>(c)] = true;
    for (int c = 'A'; c <= 'Z'; ++c) set[static_cast<std::size_t>(c)] = true;
    for (int c = 'a'; c <= 'z'; ++c) set[static_cast<std::size_t>(c)] = true;
    for (const char c : others) set[static_cast<unsigned char>(c)] = true;
    return set;
}

constexpr CharSet token_chars = char_set("!#$%&'*+-.^_`|~");
constexpr CharSet target_chars = char_set("-._~!$&'()*+,;=:@/?%");

bool in(const CharSet& set, char c) { return set[static_cast<unsigned char>(c)]; }

bool all_in(const CharSet& set, std::string_view text) {
    return std::ranges::all_of(text, [&](char c) { return in(set, c); });
}

// A field value: visible characters, blanks and bytes above ASCII. No control of any kind.
bool is_value_char(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\t';
}

bool is_word_list(std::string_view value) {
    bool words = true;
    for_each_element(value,
                     [&](std::string_view part) { words = words && all_in(token_chars, part); });
    return words;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

FramingError bad(std::string_view code, std::string_view detail) { return {400, code, detail}; }

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

Refusal check_version(std::string_view text) {
    if (text.size() != 8 || !text.starts_with("HTTP/") || !is_digit(text[5]) || text[6] != '.' ||
        !is_digit(text[7]))
        return bad("bad_request_line", "the request line must end in a version such as HTTP/1.1");
    if (text != "HTTP/1.1" && text != "HTTP/1.0")
        return FramingError{505, "version_not_supported", "only HTTP/1.0 and HTTP/1.1 are spoken"};
    return {};
}

}  // namespace

bool is_token_char(char c) { return in(token_chars, c); }

std::optional<std::uint64_t> parse_chunk_size(std::string_view digits) {
    if (digits.empty() || digits.size() > 16) return std::nullopt;
    std::uint64_t size = 0;
    for (const char c : digits) {
        const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!is_digit(c) && !letter) return std::nullopt;
        size = size * 16 + static_cast<std::uint64_t>(letter ? (c | 0x20) - 'a' + 10 : c - '0');
    }
    return size;
}

Refusal HeadGate::check_request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return bad("bad_request_line", "the request line is not: method, target, version");
    const std::string_view method = line.substr(0, first);
    if (method.empty() || !all_in(token_chars, method))
        return bad("bad_method", "the method holds a character that no method may hold");
    if (const Refusal refusal = check_version(line.substr(last + 1))) return refusal;
    const auto known = parse_method(method);
    if (!known) return FramingError{501, "method_not_implemented", "this method is not known here"};
    method_ = *known;
    version_ = line.ends_with('1') ? 11 : 10;
    return check_target(line.substr(first + 1, last - first - 1));
}

Refusal HeadGate::check_target(std::string_view target) const {
    if (target == "*" && method_ == Method::options) return {};
    if (target.starts_with("http:") || target.starts_with("https:"))
        return bad("absolute_target", "send the path alone: this server is not a proxy");
    if (!target.starts_with('/')) return bad("bad_target", "the target must begin with /");
    if (!all_in(target_chars, target))
        return bad("bad_target", "the target holds a character that must be sent as an escape");
    for (std::size_t at = target.find('%'); at != std::string_view::npos;
         at = target.find('%', at + 1)) {
        const auto byte = parse_chunk_size(target.substr(at + 1, 2));
        if (target.size() - at < 3 || !byte)
            return bad("bad_escape", "a % in the target is not followed by two hex digits");
        if (*byte == 0) return bad("encoded_nul", "the target holds an encoded NUL");
    }
    return {};
}

Refusal HeadGate::check_field_line(std::string_view line) {
    if (++fields_ > max_fields_)
        return FramingError{431, "too_many_fields", "the request has too many header fields"};
    if (line.starts_with(' ') || line.starts_with('\t'))
        return bad("folded_field", "a header field is folded over several lines");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return bad("bad_field", "a header field has no colon after its name");
    const std::string_view name = line.substr(0, colon);
    if (name.empty() || !all_in(token_chars, name))
        return bad("bad_field_name",
                   "the name of a header field is empty, or holds a blank or "
                   "another character that no name may hold");
    const std::string_view value = line.substr(colon + 1);
    if (!std::ranges::all_of(value, is_value_char))
        return bad("bad_field_value", "the value of a header field holds a control character");
    return check_framing_field(name, trim(value));
}

Refusal HeadGate::check_framing_field(std::string_view name, std::string_view value) {
    // Few names matter here; the length tells most of the others apart at once.
    switch (name.size()) {
        case 4:
            if (!same_name(name, "Host")) return {};
            if (++hosts_ > 1) return bad("several_hosts", "the request has more than one Host");
            if (!is_host(value)) return bad("bad_host", "the Host is not a host");
            return {};
        case 6:
            if (!same_name(name, "Expect") || version_ == 10) return {};
            if (!same_name(value, "100-continue"))
                return FramingError{417, "unknown_expectation",
                                    "only 100-continue can be expected"};
            expects_continue_ = true;
            return {};
        case 10:
            return same_name(name, "Connection") ? check_connection(value) : Refusal{};
        case 14:
            return same_name(name, "Content-Length") ? check_length(value) : Refusal{};
        case 16:
            // Means nothing to us, but Beast looks into it.
            if (same_name(name, "Proxy-Connection") && !is_word_list(value))
                return bad("bad_connection", "the Proxy-Connection is not a list of words");
            return {};
        case 17:
            return same_name(name, "Transfer-Encoding") ? check_transfer_encoding(value)
                                                        : Refusal{};
        default:
            return {};
    }
}

Refusal HeadGate::check_length(std::string_view value) {
    if (content_length_) return bad("several_lengths", "the request has several Content-Lengths");
    // 18 digits cannot overflow, and no limit of ours is near them.
    if (value.empty() || value.size() > 18 || !std::ranges::all_of(value, is_digit))
        return bad("bad_length", "the Content-Length is not a plain decimal number");
    std::uint64_t length = 0;
    for (const char c : value) length = length * 10 + static_cast<std::uint64_t>(c - '0');
    content_length_ = length;
    return {};
}

Refusal HeadGate::check_transfer_encoding(std::string_view value) {
    if (version_ == 10) return bad("transfer_encoding_on_1_0", "HTTP/1.0 has no Transfer-Encoding");
    if (chunked_) return bad("several_transfer_encodings", "send Transfer-Encoding once");
    chunked_ = true;
    if (same_name(value, "chunked")) return {};
    bool other = false;
    for_each_element(
        value, [&](std::string_view coding) { other = other || !same_name(coding, "chunked"); });
    if (other && is_word_list(value))
        return FramingError{501, "coding_not_implemented", "the only transfer coding is chunked"};
    return bad("bad_transfer_encoding", "the Transfer-Encoding must be exactly: chunked");
}

Refusal HeadGate::check_connection(std::string_view value) {
    if (!is_word_list(value)) return bad("bad_connection", "the Connection is not a list of words");
    for_each_element(value, [&](std::string_view option) {
        if (same_name(option, "close")) says_close_ = true;
        if (same_name(option, "keep-alive")) says_keep_alive_ = true;
    });
    return {};
}

Refusal HeadGate::check_end() {
    if (hosts_ == 0 && version_ == 11) return bad("missing_host", "HTTP/1.1 demands a Host");
    if (chunked_ && content_length_)
        return bad("two_framings", "the request has Content-Length and Transfer-Encoding");
    if (says_close_) says_keep_alive_ = false;
    return {};
}

}  // namespace yeyak::http
