#include "kernel/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "kernel/ensure.h"
#include "kernel/json_fault.h"
#include "kernel/json_fields.h"
#include "kernel/json_parse.h"

namespace yeyak {
namespace json_detail {
namespace {

JsonError too_deep() {
    return {"too_deep", "", fmt::format("nested deeper than {} levels", max_json_depth)};
}

// The parser says what is wrong, and not where.
JsonError parse_failure(simdjson::error_code code, std::string_view text) {
    if (code == simdjson::UTF8_ERROR) return {"bad_utf8", "", find_bad_utf8(text)};
    if (code == simdjson::DEPTH_ERROR) return too_deep();
    if (code == simdjson::EMPTY)
        return {"malformed_json", "", "the text is empty; send a JSON object"};
    if (auto fault = find_fault(text)) return {"malformed_json", "", *std::move(fault)};
    if (code == simdjson::NUMBER_ERROR) return {"out_of_range", "", "a number is too large"};
    return {"malformed_json", "", simdjson::error_message(code)};
}

// A key that occurs twice means that two readers may see two values: refused at every depth. The
// depth is counted here, because the parser does not count an empty array or object.
std::optional<JsonError> check_element(const dom::element& v, std::size_t depth) {
    if (!v.is_array() && !v.is_object()) return {};
    if (depth > max_json_depth) return too_deep();
    if (v.is_array()) {
        std::size_t number = 0;
        for (const dom::element item : dom::array{v}) {
            if (auto failure = check_element(item, depth + 1))
                return within(fmt::format("[{}]", number), *std::move(failure));
            ++number;
        }
        return {};
    }
    std::vector<std::string_view> keys;
    for (const dom::key_value_pair pair : dom::object{v}) {
        keys.push_back(pair.key);
        if (auto failure = check_element(pair.value, depth + 1))
            return within(path_step(pair.key), *std::move(failure));
    }
    std::ranges::sort(keys);
    const auto twice = std::ranges::adjacent_find(keys);
    if (twice == keys.end()) return {};
    return JsonError{"duplicate_key", path_step(*twice), "occurs more than once"};
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
        return std::unexpected(parse_failure(code, text));
    if (auto failure = check_element(root, 1)) return std::unexpected(*std::move(failure));
    return root;
}

JsonError wrong_type(std::string_view expected) {
    return {"wrong_type", "", fmt::format("must be {}", expected)};
}

std::string path_step(std::string_view name) {
    if (!name.empty() && name.find_first_of(".[]") == std::string_view::npos)
        return std::string{name};
    std::string step = "[\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') step += '\\';
        step += c;
    }
    return step + "\"]";
}

JsonError within(std::string_view name, JsonError error) {
    if (error.field.empty())
        error.field = name;
    else
        error.field =
            fmt::format("{}{}{}", name, error.field.front() == '[' ? "" : ".", error.field);
    return error;
}

}  // namespace json_detail

std::expected<void, JsonError> check_json(std::string_view text, bool object_only) {
    const auto document = json_detail::parse_document(text);
    if (!document) return std::unexpected(document.error());
    if (object_only && !document->is_object())
        return std::unexpected(json_detail::wrong_type("an object"));
    return {};
}

}  // namespace yeyak
