#include "kernel/json.h"

#include <algorithm>

#include "kernel/ensure.h"
#include "kernel/json_impl.h"

namespace yeyak {
namespace json_detail {
namespace {

JsonError parse_failure(simdjson::error_code code) {
    switch (code) {
        case simdjson::UTF8_ERROR:
            return {"bad_utf8", "", "the text is not valid UTF-8"};
        case simdjson::DEPTH_ERROR:
            return {"too_deep", "", fmt::format("nested deeper than {} levels", max_json_depth)};
        case simdjson::NUMBER_ERROR:
            return {"out_of_range", "", "a number is malformed or too large"};
        case simdjson::EMPTY:
            return {"malformed_json", "", "the text is empty; send a JSON object"};
        default:
            return {"malformed_json", "", simdjson::error_message(code)};
    }
}

// A key that occurs twice means that two readers may see two values: refused at every depth. The
// depth is counted here, because the parser does not count an empty array or object.
Failure check_element(const dom::element& v, std::size_t depth) {
    if (!v.is_array() && !v.is_object()) return {};
    if (depth > max_json_depth) return parse_failure(simdjson::DEPTH_ERROR);
    if (v.is_array()) {
        for (const dom::element item : dom::array{v})
            if (Failure failure = check_element(item, depth + 1)) return failure;
        return {};
    }
    std::vector<std::string_view> keys;
    for (const dom::key_value_pair pair : dom::object{v}) {
        keys.push_back(pair.key);
        if (Failure failure = check_element(pair.value, depth + 1))
            return within(pair.key, std::move(*failure));
    }
    std::ranges::sort(keys);
    const auto twice = std::ranges::adjacent_find(keys);
    if (twice == keys.end()) return {};
    return JsonError{"duplicate_key", std::string{*twice}, "occurs more than once"};
}

}  // namespace

std::expected<dom::element, JsonError> parse_document(std::string_view text) {
    thread_local dom::parser parser;
    if (parser.max_depth() != max_json_depth + 1) {
        const auto allocated = parser.allocate(4096, max_json_depth + 1);
        ensure(allocated == simdjson::SUCCESS, "the JSON parser has its first buffer");
    }
    dom::element root;
    if (const auto code = parser.parse(text.data(), text.size()).get(root))
        return std::unexpected(parse_failure(code));
    if (auto failure = check_element(root, 1)) return std::unexpected(std::move(*failure));
    return root;
}

Failure read_integer(const dom::element& v, std::int64_t& out, Reading reading) {
    if (v.get_int64().get(out) == simdjson::SUCCESS) return {};
    if (v.is_uint64()) return JsonError{"out_of_range", "", "must be below 9223372036854775808"};
    std::string_view text;
    if (reading == Reading::lenient && v.get_string().get(text) == simdjson::SUCCESS) {
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (code == std::errc{} && end == text.data() + text.size()) return {};
        if (code == std::errc::result_out_of_range)
            return JsonError{"out_of_range", "", "must be below 9223372036854775808"};
    }
    return wrong_type("a whole number");
}

Failure read(const dom::element& v, std::string& out, Reading reading) {
    std::string_view text;
    if (v.get_string().get(text) == simdjson::SUCCESS) {
        out = text;
        return {};
    }
    std::int64_t number = 0;
    if (reading == Reading::lenient && v.get_int64().get(number) == simdjson::SUCCESS) {
        out = std::to_string(number);
        return {};
    }
    return wrong_type("a text");
}

}  // namespace json_detail

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t clean = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, clean, i - clean);
        clean = i + 1;
        if (c == '"' || c == '\\') {
            out += '\\';
            out += text[i];
        } else if (c == '\n') {
            out += "\\n";
        } else {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
        }
    }
    out.append(text, clean, text.size() - clean);
    out += '"';
}

std::expected<void, JsonError> check_json(std::string_view text, bool object_only) {
    const auto document = json_detail::parse_document(text);
    if (!document) return std::unexpected(document.error());
    if (object_only && !document->is_object())
        return std::unexpected(json_detail::wrong_type("an object"));
    return {};
}

}  // namespace yeyak
