// Reading through tables.
#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "kernel/json_fields.h"
#include "kernel/json_parse.h"
#include "kernel/json_table.h"
#include "kernel/money.h"
#include "kernel/time.h"

namespace yeyak::json_detail {
namespace {

// Puts a number where one of this size is; false when it does not fit.
bool store(std::int64_t number, const TypeTable& type, void* out) {
    const auto put = [&]<class N>(N narrow) {
        if (!std::in_range<N>(number)) return false;
        narrow = static_cast<N>(number);
        std::memcpy(out, &narrow, sizeof narrow);
        return true;
    };
    switch (type.bytes) {
        case 1:
            return type.is_signed ? put(std::int8_t{}) : put(std::uint8_t{});
        case 2:
            return type.is_signed ? put(std::int16_t{}) : put(std::uint16_t{});
        case 4:
            return type.is_signed ? put(std::int32_t{}) : put(std::uint32_t{});
        default:
            return type.is_signed ? put(std::int64_t{}) : put(std::uint64_t{});
    }
}

// The least and the greatest number of an integer type, as text.
std::string limits_of(const TypeTable& type) {
    if (!type.is_signed) return fmt::format("0 to {}", ~std::uint64_t{0} >> (64 - 8 * type.bytes));
    const auto greatest = std::numeric_limits<std::int64_t>::max() >> (64 - 8 * type.bytes);
    return fmt::format("{} to {}", -greatest - 1, greatest);
}

Failure read_wide(const dom::element& v, std::int64_t& out, Reading reading) {
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

Failure read_integer(const dom::element& v, const TypeTable& type, void* out, Reading reading) {
    std::int64_t wide = 0;
    if (Failure failure = read_wide(v, wide, reading)) return failure;
    if (store(wide, type, out)) return {};
    return JsonError{"out_of_range", "", "must be from " + limits_of(type)};
}

Failure read_text(const dom::element& v, std::string& out, Reading reading) {
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

Failure read_instant(const dom::element& v, Instant& out) {
    std::string_view text;
    if (v.get_string().get(text) != simdjson::SUCCESS) return wrong_type("an RFC 3339 instant");
    const auto at = parse_instant(text);
    if (!at) return wrong_type("an RFC 3339 instant such as 2026-11-20T11:28:30Z");
    out = *at;
    return {};
}

Failure read_date(const dom::element& v, Date& out) {
    std::string_view text;
    if (v.get_string().get(text) != simdjson::SUCCESS) return wrong_type("a date YYYY-MM-DD");
    const auto day = parse_date(text);
    if (!day) return wrong_type("a date YYYY-MM-DD");
    out = *day;
    return {};
}

Failure read_enumeration(const dom::element& v, const TypeTable& type, void* out) {
    std::string_view text;
    if (v.get_string().get(text) == simdjson::SUCCESS)
        for (const auto& [name, value] : type.enumerators)
            if (text == name && store(value, type, out)) return {};
    std::string names;
    for (const auto& [name, value] : type.enumerators) {
        names += names.empty() ? "" : ", ";
        names += name;
    }
    return wrong_type("one of " + names);
}

Failure read_optional(const dom::element& v, const TypeTable& type, void* out, Reading reading) {
    if (v.is_null()) {
        type.clear(out);
        return {};
    }
    return read_value(v, *type.inner, type.add(out), reading);
}

Failure read_list(const dom::element& v, const TypeTable& type, void* out, Reading reading) {
    dom::array items;
    if (v.get_array().get(items) != simdjson::SUCCESS) return wrong_type("an array");
    std::size_t number = 0;
    for (const dom::element item : items) {
        if (Failure failure = read_value(item, *type.inner, type.add(out), reading))
            return within(fmt::format("[{}]", number), *std::move(failure));
        ++number;
    }
    return {};
}

Failure read_structure(const dom::element& v, const TypeTable& type, void* out, Reading reading) {
    dom::object object;
    if (v.get_object().get(object) != simdjson::SUCCESS) return wrong_type("an object");
    std::uint64_t seen = 0;
    std::size_t likely = 0;
    for (const dom::key_value_pair pair : object) {
        const auto number = find_field(type.fields, pair.key, likely);
        if (number == type.fields.size()) continue;
        const FieldTable& field = type.fields[number];
        if (Failure failure = read_value(pair.value, *field.type, field.in(out), reading))
            return within(pair.key, *std::move(failure));
        seen |= std::uint64_t{1} << number;
        likely = number + 1;
    }
    for (std::size_t i = 0; i < type.fields.size(); ++i)
        if ((seen >> i & 1) == 0 && !may_be_left_out(type.fields[i]))
            return missing(type.fields[i]);
    return {};
}

// The first that it is; otherwise what is wrong with the one that it nearly is.
Failure read_choice(const dom::element& v, const TypeTable& type, void* out, Reading reading) {
    std::string all;
    for (std::size_t i = 0; i < type.alternatives.size(); ++i) {
        auto failure = read_value(v, *type.alternatives[i], type.choose(out, i), reading);
        if (!failure) return {};
        if (failure->code != "wrong_type" || !failure->field.empty()) return failure;
        all += all.empty() ? failure->detail : " or " + failure->detail.substr(sizeof "must be");
    }
    return JsonError{"wrong_type", "", std::move(all)};
}

}  // namespace

std::size_t find_field(std::span<const FieldTable> fields, std::string_view key,
                       std::size_t likely) {
    for (std::size_t i = likely; i < fields.size(); ++i)
        if (fields[i].key() == key) return i;
    for (std::size_t i = 0; i < likely; ++i)
        if (fields[i].key() == key) return i;
    return fields.size();
}

bool may_be_left_out(const FieldTable& field) {
    return field.type->kind == Kind::optional || field.type->kind == Kind::others;
}

JsonError missing(const FieldTable& field) {
    return {"missing_field", std::string{field.key()}, "is required"};
}

Failure read_value(const dom::element& v, const TypeTable& type, void* out, Reading reading) {
    switch (type.kind) {
        case Kind::boolean:
            if (v.get_bool().get(*static_cast<bool*>(out)) == simdjson::SUCCESS) return {};
            return wrong_type("true or false");
        case Kind::integer:
            return read_integer(v, type, out, reading);
        case Kind::fraction:
            if (v.get_double().get(*static_cast<double*>(out)) == simdjson::SUCCESS) return {};
            return wrong_type("a number");
        case Kind::text:
            return read_text(v, *static_cast<std::string*>(out), reading);
        case Kind::won:
            return read_wide(v, static_cast<Won*>(out)->amount, reading);
        case Kind::instant:
            return read_instant(v, *static_cast<Instant*>(out));
        case Kind::date:
            return read_date(v, *static_cast<Date*>(out));
        case Kind::enumeration:
            return read_enumeration(v, type, out);
        case Kind::structure:
            return read_structure(v, type, out, reading);
        case Kind::optional:
            return read_optional(v, type, out, reading);
        case Kind::list:
            return read_list(v, type, out, reading);
        case Kind::choice:
            return read_choice(v, type, out, reading);
        case Kind::any:  // these two are a body's, see json_body.cc
        case Kind::others:
            break;
    }
    return wrong_type("of a kind that is known");
}

Failure read_document(std::string_view text, const TypeTable& type, void* value, Reading reading) {
    auto document = parse_document(text);
    if (!document) return std::move(document).error();
    return read_value(*document, type, value, reading);
}

}  // namespace yeyak::json_detail
