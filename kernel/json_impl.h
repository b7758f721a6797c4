// The templates of json.h and events.h. Included by the codec.cc of a context and by nothing else:
// simdjson and the instantiations cost seconds.
#pragma once
#include <fmt/format.h>
#include <simdjson.h>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <boost/pfr.hpp>
#include <charconv>
#include <concepts>
#include <iterator>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

#include "kernel/events.h"
#include "kernel/json.h"
#include "kernel/money.h"
#include "kernel/time.h"

namespace yeyak {
namespace json_detail {

namespace mp11 = boost::mp11;
namespace dom = simdjson::dom;

template <class T>
using Fields = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T>
concept DescribedStruct = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;
template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

// A field added to a struct but not to its field list is a build error, not a silent loss of data.
template <class T>
constexpr bool complete = boost::pfr::tuple_size_v<T> == mp11::mp_size<Fields<T>>::value;

// user_id -> userId, at compile time.
template <class Field>
struct WireName {
    static constexpr auto make() {
        std::array<char, 64> out{};
        std::size_t size = 0;
        bool upper = false;
        for (const char* c = Field::name; *c != '\0'; ++c) {
            if (*c == '_') {
                upper = true;
                continue;
            }
            out[size++] = upper && *c >= 'a' && *c <= 'z' ? static_cast<char>(*c - 32) : *c;
            upper = false;
        }
        return std::pair{out, size};
    }
    static constexpr auto made = make();
    static constexpr std::string_view value{made.first.data(), made.second};
};

// The element at the root, parsed as a whole; shared by every reader.
std::expected<dom::element, JsonError> parse_document(std::string_view text);

inline JsonError wrong_type(std::string_view expected) {
    return {"wrong_type", "", fmt::format("must be {}", expected)};
}

// Puts an outer name before the path of an error that came from inside.
inline JsonError within(std::string_view name, JsonError error) {
    if (error.field.empty())
        error.field = name;
    else
        error.field =
            fmt::format("{}{}{}", name, error.field.front() == '[' ? "" : ".", error.field);
    return error;
}

using Failure = std::optional<JsonError>;

inline Failure read(const dom::element& v, bool& out, Reading) {
    if (v.get_bool().get(out) != simdjson::SUCCESS) return wrong_type("true or false");
    return {};
}

Failure read_integer(const dom::element& v, std::int64_t& out, Reading reading);
Failure read(const dom::element& v, std::string& out, Reading reading);

template <std::integral N>
Failure read(const dom::element& v, N& out, Reading reading) {
    std::int64_t wide = 0;
    if (Failure failure = read_integer(v, wide, reading)) return failure;
    if (!std::in_range<N>(wide))
        return JsonError{"out_of_range", "",
                         fmt::format("must be from {} to {}", std::numeric_limits<N>::min(),
                                     std::numeric_limits<N>::max())};
    out = static_cast<N>(wide);
    return {};
}
// For settings only: no event and no money holds a fraction.
inline Failure read(const dom::element& v, double& out, Reading) {
    if (v.get_double().get(out) != simdjson::SUCCESS) return wrong_type("a number");
    return {};
}
inline Failure read(const dom::element& v, Won& out, Reading reading) {
    return read_integer(v, out.amount, reading);
}
inline Failure read(const dom::element& v, Instant& out, Reading) {
    std::string_view text;
    if (v.get_string().get(text) != simdjson::SUCCESS) return wrong_type("an RFC 3339 instant");
    const auto at = parse_instant(text);
    if (!at) return wrong_type("an RFC 3339 instant such as 2026-11-20T11:28:30Z");
    out = *at;
    return {};
}
inline Failure read(const dom::element& v, Date& out, Reading) {
    std::string_view text;
    if (v.get_string().get(text) != simdjson::SUCCESS) return wrong_type("a date YYYY-MM-DD");
    const auto day = parse_date(text);
    if (!day) return wrong_type("a date YYYY-MM-DD");
    out = *day;
    return {};
}
template <DescribedEnum E>
Failure read(const dom::element& v, E& out, Reading) {
    std::string_view text;
    bool found = false;
    std::string names;
    if (v.get_string().get(text) == simdjson::SUCCESS)
        mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
            names += names.empty() ? "" : ", ";
            names += enumerator.name;
            if (text != enumerator.name) return;
            out = enumerator.value;
            found = true;
        });
    if (!found) return wrong_type("one of " + names);
    return {};
}
template <DescribedStruct T>
Failure read(const dom::element& v, T& out, Reading reading);
template <class T>
Failure read(const dom::element& v, std::vector<T>& out, Reading reading);

template <class T>
Failure read(const dom::element& v, std::optional<T>& out, Reading reading) {
    if (v.is_null()) {
        out.reset();
        return {};
    }
    return read(v, out.emplace(), reading);
}
template <class T>
Failure read(const dom::element& v, std::vector<T>& out, Reading reading) {
    dom::array items;
    if (v.get_array().get(items) != simdjson::SUCCESS) return wrong_type("an array");
    for (const dom::element item : items) {
        if (Failure failure = read(item, out.emplace_back(), reading))
            return within(fmt::format("[{}]", out.size() - 1), std::move(*failure));
    }
    return {};
}

template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

template <DescribedStruct T>
Failure read(const dom::element& v, T& out, Reading reading) {
    static_assert(complete<T>, "BOOST_DESCRIBE_STRUCT does not list every member");
    static_assert(mp11::mp_size<Fields<T>>::value <= 64, "a struct has at most 64 fields");
    dom::object object;
    if (v.get_object().get(object) != simdjson::SUCCESS) return wrong_type("an object");
    std::uint64_t seen = 0;
    Failure failure;
    for (const dom::key_value_pair pair : object) {
        std::uint64_t bit = 1;
        mp11::mp_for_each<Fields<T>>([&](auto field) {
            constexpr std::string_view name = WireName<decltype(field)>::value;
            if (!failure && pair.key == name) {
                seen |= bit;
                failure = read(pair.value, out.*field.pointer, reading);
                if (failure) failure = within(name, std::move(*failure));
            }
            bit <<= 1;
        });
        if (failure) return failure;
    }
    std::uint64_t bit = 1;
    mp11::mp_for_each<Fields<T>>([&](auto field) {
        using Member = std::remove_reference_t<decltype(out.*field.pointer)>;
        if (!failure && !is_optional<Member> && (seen & bit) == 0)
            failure = JsonError{"missing_field", std::string{WireName<decltype(field)>::value},
                                "is required"};
        bit <<= 1;
    });
    return failure;
}

inline void write(std::string& out, bool v) { out += v ? "true" : "false"; }
template <std::integral N>
void write(std::string& out, N n) {
    const fmt::format_int text{n};
    out.append(text.data(), text.size());
}
inline void write(std::string& out, const std::string& s) { append_json_string(out, s); }
inline void write(std::string& out, Won money) { write(out, money.amount); }
inline void write(std::string& out, Instant at) { append_json_string(out, to_text(at)); }
inline void write(std::string& out, Date day) { append_json_string(out, to_text(day)); }
template <DescribedEnum E>
void write(std::string& out, E value) {
    append_json_string(out, boost::describe::enum_to_string(value, "?"));
}
template <DescribedStruct T>
void write(std::string& out, const T& value);
template <class T>
void write(std::string& out, const std::vector<T>& values);
template <class T>
void write(std::string& out, const std::optional<T>& value) {
    if (value)
        write(out, *value);
    else
        out += "null";
}
template <class T>
void write(std::string& out, const std::vector<T>& values) {
    char separator = '[';
    for (const auto& value : values) {
        out += separator;
        write(out, value);
        separator = ',';
    }
    out += separator == '[' ? "[]" : "]";
}
template <DescribedStruct T>
void write(std::string& out, const T& value) {
    static_assert(complete<T>, "BOOST_DESCRIBE_STRUCT does not list every member");
    char separator = '{';
    mp11::mp_for_each<Fields<T>>([&](auto field) {
        out += separator;
        out += '"';
        out += WireName<decltype(field)>::value;
        out += "\":";
        write(out, value.*field.pointer);
        separator = ',';
    });
    out += separator == '{' ? "{}" : "}";
}

template <class T>
concept HasFormer = requires { typename T::Former; };

template <class T>
bool reads_type(std::string_view type) {
    if (T::type == type) return true;
    if constexpr (HasFormer<T>) return reads_type<typename T::Former>(type);
    return false;
}

template <class T>
std::expected<T, JsonError> decode_as(std::string_view type, std::string_view payload) {
    if constexpr (HasFormer<T>) {
        if (type != T::type) {
            auto former = decode_as<typename T::Former>(type, payload);
            if (!former) return std::unexpected(std::move(former).error());
            return T::upcast(*former);
        }
    }
    return from_json<T>(payload);
}

// The type of a field as text, for shape_of().
template <class T>
struct Shape {
    static void append(std::string& out) {
        if constexpr (std::same_as<T, bool>) {
            out += "bool";
        } else if constexpr (std::integral<T>) {
            out += fmt::format("int{}", sizeof(T) * (std::is_signed_v<T> ? 8 : 16));
        } else if constexpr (std::same_as<T, std::string>) {
            out += "text";
        } else if constexpr (std::same_as<T, Won>) {
            out += "won";
        } else if constexpr (std::same_as<T, Instant>) {
            out += "instant";
        } else if constexpr (std::same_as<T, Date>) {
            out += "date";
        } else if constexpr (DescribedEnum<T>) {
            mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
                [&](auto e) { out += fmt::format("|{}", e.name); });
        } else {
            static_assert(DescribedStruct<T> && complete<T>);
            out += '{';
            mp11::mp_for_each<Fields<T>>([&](auto field) {
                out += fmt::format("{}:", field.name);
                Shape<std::remove_cvref_t<decltype(std::declval<T&>().*field.pointer)>>::append(
                    out);
                out += ',';
            });
            out += '}';
        }
    }
};
template <class T>
struct Shape<std::optional<T>> {
    static void append(std::string& out) { Shape<T>::append(out += '?'); }
};
template <class T>
struct Shape<std::vector<T>> {
    static void append(std::string& out) { Shape<T>::append(out += '*'); }
};

}  // namespace json_detail

template <class Variant>
std::string shape_of() {
    std::string text;
    json_detail::mp11::mp_for_each<json_detail::mp11::mp_transform<std::type_identity, Variant>>(
        [&]<class T>(std::type_identity<T>) {
            text += T::type;
            json_detail::Shape<T>::append(text);
        });
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return fmt::format("{:016x}", hash);
}

template <class T>
std::expected<T, JsonError> from_json(std::string_view text, Reading reading) {
    auto document = json_detail::parse_document(text);
    if (!document) return std::unexpected(std::move(document).error());
    std::expected<T, JsonError> value{std::in_place};
    if (auto failure = json_detail::read(*document, *value, reading))
        return std::unexpected(std::move(*failure));
    return value;
}

template <class T>
void write_json(std::string& out, const T& value) {
    json_detail::write(out, value);
}

template <class Event>
std::string encode_event(const Event& event) {
    std::string out;
    std::visit([&](const auto& e) { json_detail::write(out, e); }, event);
    return out;
}

template <class Event>
bool is_event_type(std::string_view type) {
    bool known = false;
    json_detail::mp11::mp_for_each<json_detail::mp11::mp_transform<std::type_identity, Event>>(
        [&]<class T>(std::type_identity<T>) { known = known || json_detail::reads_type<T>(type); });
    return known;
}

template <class Event>
std::expected<Event, JsonError> decode_event(std::string_view type, std::string_view payload) {
    std::optional<std::expected<Event, JsonError>> decoded;
    json_detail::mp11::mp_for_each<json_detail::mp11::mp_transform<std::type_identity, Event>>(
        [&]<class T>(std::type_identity<T>) {
            if (decoded || !json_detail::reads_type<T>(type)) return;
            auto event = json_detail::decode_as<T>(type, payload);
            if (event)
                decoded.emplace(Event{*std::move(event)});
            else
                decoded.emplace(std::unexpected(std::move(event).error()));
        });
    if (decoded) return *std::move(decoded);
    return std::unexpected(
        JsonError{"unknown_event", "", fmt::format("no event type is named {}", type)});
}

}  // namespace yeyak

#include "kernel/rewrite_impl.h"

namespace yeyak {

// One line in a codec.cc for each variant of events, commands, effects, timeouts or saga states.
#define YEYAK_INSTANTIATE_VARIANT_CODEC(Variant)                                             \
    template std::string encode_event<Variant>(const Variant&);                              \
    template std::expected<Variant, JsonError> decode_event<Variant>(std::string_view,       \
                                                                     std::string_view);      \
    template std::expected<std::string, JsonError> rewrite_event<Variant>(std::string_view,  \
                                                                          std::string_view); \
    template bool is_event_type<Variant>(std::string_view);                                  \
    template std::string shape_of<Variant>();

// One line for each struct that is read and written by itself.
#define YEYAK_INSTANTIATE_JSON(Type)                           \
    template void write_json<Type>(std::string&, const Type&); \
    template std::expected<Type, JsonError> from_json<Type>(std::string_view, Reading);

}  // namespace yeyak
