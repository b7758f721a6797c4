#include "audit/proofs/proof_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "audit/proofs/base64.h"

namespace yeyak::audit {
namespace {

constexpr std::size_t max_json_bytes = 8 << 20;

Result<void> read_fields(ondemand::object object, std::string_view what,
                         std::span<const std::string_view> fields, const TakeField& take) {
    std::size_t seen = 0;  // a bit for each field
    for (auto field : object) {
        std::string_view key;
        ondemand::value value;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS) break;
        const std::string name{key};  // the next read may reuse its buffer
        const auto index =
            static_cast<std::size_t>(std::ranges::find(fields, name) - fields.begin());
        if (index == fields.size())
            return std::unexpected(fmt::format("the {} has an unknown field", what));
        if ((seen >> index & 1) != 0)
            return std::unexpected(fmt::format("the {} has the field {} twice", what, name));
        seen |= std::size_t{1} << index;
        if (field.value().get(value) != simdjson::SUCCESS || !take(name, value))
            return std::unexpected(
                fmt::format("the field {} of the {} is not what it must be", name, what));
    }
    for (std::size_t i = 0; i < fields.size(); ++i)
        if ((seen >> i & 1) == 0)
            return std::unexpected(fmt::format("the {} has no field {}", what, fields[i]));
    return {};
}

}  // namespace

Result<void> read_object(std::string_view json, std::string_view what,
                         std::span<const std::string_view> fields, const TakeField& take) {
    if (json.size() > max_json_bytes)
        return std::unexpected(fmt::format("the {} is larger than 8 MiB", what));
    const simdjson::padded_string padded{json};
    // The whole document is checked first: reading on demand does not look at what it skips.
    thread_local simdjson::dom::parser checker;
    thread_local ondemand::parser parser;
    simdjson::dom::element whole;
    ondemand::document document;
    ondemand::object object;
    if (checker.parse(padded).get(whole) != simdjson::SUCCESS || !whole.is_object() ||
        parser.iterate(padded).get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS)
        return std::unexpected(fmt::format("the {} is no JSON object", what));
    return read_fields(object, what, fields, take);
}

std::optional<std::string> text_of(ondemand::value value) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string{text};
}

bool take(ondemand::value value, std::uint64_t& out) {
    return value.get_uint64().get(out) == simdjson::SUCCESS;
}

bool take(ondemand::value value, Hash& out) {
    const auto text = text_of(value);
    const auto hash = text ? hash_from_base64(*text) : std::nullopt;
    if (hash) out = *hash;
    return hash.has_value();
}

bool take(ondemand::value value, std::vector<Hash>& out) {
    ondemand::array items;
    if (value.get_array().get(items) != simdjson::SUCCESS) return false;
    for (auto item : items) {
        ondemand::value each;
        Hash hash;
        if (item.get(each) != simdjson::SUCCESS || !take(each, hash)) return false;
        out.push_back(hash);
    }
    return true;
}

std::string hashes_json(std::span<const Hash> hashes) {
    std::string out = "[";
    for (const auto& hash : hashes)
        out += fmt::format("{}\"{}\"", out.back() == '[' ? "" : ",", base64(hash));
    return out + "]";
}

}  // namespace yeyak::audit
