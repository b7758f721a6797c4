// The templates of json.h, json_schema.h, events.h and rewrite.h: they make the tables of
// json_table.h. Included where YEYAK_INSTANTIATE_… stands, and by nothing else.
#pragma once
#include <array>
#include <boost/describe.hpp>
#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "kernel/events.h"
#include "kernel/json.h"
#include "kernel/json_schema.h"
#include "kernel/json_table.h"
#include "kernel/money.h"
#include "kernel/personal_fields.h"
#include "kernel/rewrite.h"
#include "kernel/sealed.h"
#include "kernel/time.h"

namespace yeyak {
namespace json_detail {

template <class T>
concept DescribedStruct = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;
template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

// --- what a list of fields must be ---

// Becomes whatever a field wants to be made of; only to be talked about.
struct Anything {
    std::size_t number;
    template <class T>
    operator T&() const&& {
        std::unreachable();
    }
    template <class T>
    operator T&&() const&& {
        std::unreachable();
    }
};

template <class T, std::size_t... i>
constexpr bool takes(std::index_sequence<i...>) {
    return requires { T{Anything{i}...}; };
}

// A field added to a struct but not to its field list is a build error, not a silent loss of data.
template <class T, std::size_t fields>
constexpr bool complete = takes<T>(std::make_index_sequence<fields>{}) &&
                          !takes<T>(std::make_index_sequence<fields + 1>{});

// --- tables of values ---

template <class T>
struct TableOf;

template <class T>
inline constexpr TypeTable table = TableOf<T>::make();

template <Kind kind>
struct Plain {
    static constexpr TypeTable make() { return {.kind = kind}; }
};
template <>
struct TableOf<bool> : Plain<Kind::boolean> {};
template <>
struct TableOf<double> : Plain<Kind::fraction> {};
template <>
struct TableOf<std::string> {
    static constexpr TypeTable make() { return {.kind = Kind::text, .is_bare = true}; }
};
template <>
struct TableOf<Sealed> : Plain<Kind::text> {};
template <>
struct TableOf<CardToken> : Plain<Kind::text> {};
template <>
struct TableOf<Won> : Plain<Kind::won> {};
template <>
struct TableOf<Instant> : Plain<Kind::instant> {};
template <>
struct TableOf<Date> : Plain<Kind::date> {};

template <std::integral N>
struct TableOf<N> {
    static constexpr TypeTable make() {
        return {.kind = Kind::integer, .bytes = sizeof(N), .is_signed = std::is_signed_v<N>};
    }
};

template <DescribedEnum E>
struct TableOf<E> {
    template <template <class...> class List, class... D>
    static constexpr auto list(List<D...>) {
        return std::array{EnumeratorTable{D::name, static_cast<std::int64_t>(D::value)}...};
    }
    static constexpr auto enumerators = list(boost::describe::describe_enumerators<E>{});
    static constexpr TypeTable make() {
        return {.kind = Kind::enumeration,
                .bytes = sizeof(E),
                .is_signed = std::is_signed_v<std::underlying_type_t<E>>,
                .enumerators = enumerators};
    }
};

template <class T>
struct TableOf<std::optional<T>> {
    static void* add(void* holder) { return &static_cast<std::optional<T>*>(holder)->emplace(); }
    static void clear(void* holder) { static_cast<std::optional<T>*>(holder)->reset(); }
    static const void* at(const void* holder, std::size_t) {
        const auto& optional = *static_cast<const std::optional<T>*>(holder);
        return optional ? &*optional : nullptr;
    }
    static constexpr TypeTable make() {
        return {.kind = Kind::optional, .inner = &table<T>, .add = add, .clear = clear, .at = at};
    }
};

template <class T>
struct TableOf<std::vector<T>> {
    static void* add(void* holder) { return &static_cast<std::vector<T>*>(holder)->emplace_back(); }
    static const void* at(const void* holder, std::size_t index) {
        const auto& list = *static_cast<const std::vector<T>*>(holder);
        return index < list.size() ? &list[index] : nullptr;
    }
    static constexpr TypeTable make() {
        return {.kind = Kind::list, .inner = &table<T>, .add = add, .at = at};
    }
};

// --- tables of structs ---

template <class Owner, class Member>
Member member_of(Member Owner::*);

// What is written before the values of a struct's fields, one after the other: {"userId":,"price":
template <std::size_t letters, std::size_t count>
struct Openings {
    std::array<char, letters + 4 * count> text{};
    std::array<std::size_t, count + 1> ends{};
};

// What others have named is written as they write it: data_base64.
template <class T>
concept NamedAsWritten = requires { T::names_as_written; };

// Appends one of them: user_id is userId on the wire.
constexpr std::size_t append_opening(char* text, std::size_t at, std::string_view name,
                                     bool as_written) {
    text[at] = at == 0 ? '{' : ',';
    text[at + 1] = '"';
    at += 2;
    bool upper = false;
    for (const char c : name) {
        if (c != '_' || as_written)
            text[at++] = upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        upper = c == '_' && !as_written;
    }
    text[at] = '"';
    text[at + 1] = ':';
    return at + 2;
}

template <class T, auto pointer>
void* field_in(void* owner) {
    return &(static_cast<T*>(owner)->*pointer);
}

template <class T, class Fields>
struct StructTable;
template <class T, template <class...> class List, class... D>
struct StructTable<T, List<D...>> {
    static constexpr std::size_t count = sizeof...(D);
    static_assert(complete<T, count>, "BOOST_DESCRIBE_STRUCT does not list every member");
    static_assert(count <= 64, "a struct has at most 64 fields");

    static constexpr auto openings = [] {
        Openings<(std::string_view{D::name}.size() + ... + 0), count> made;
        std::size_t number = 0;
        ((made.ends[number + 1] =
              append_opening(made.text.data(), made.ends[number], D::name, NamedAsWritten<T>),
          ++number),
         ...);
        return made;
    }();

    template <std::size_t... i>
    static constexpr std::array<FieldTable, count> list(std::index_sequence<i...>) {
        return {FieldTable{
            D::name,
            {openings.text.data() + openings.ends[i], openings.ends[i + 1] - openings.ends[i]},
            &table<decltype(member_of(D::pointer))>,
            field_in<T, D::pointer>}...};
    }
    static constexpr auto fields = list(std::make_index_sequence<count>{});
};

template <DescribedStruct T>
struct TableOf<T> {
    using Struct =
        StructTable<T, boost::describe::describe_members<T, boost::describe::mod_public>>;
    static constexpr TypeTable make() {
        return {.kind = Kind::structure, .fields = Struct::fields};
    }
};

// Settings may have one; what is kept or counted may not.
constexpr bool holds_fraction(const TypeTable& type) {
    if (type.kind == Kind::fraction) return true;
    for (const FieldTable& field : type.fields)
        if (holds_fraction(*field.type)) return true;
    return type.inner && holds_fraction(*type.inner);
}

// The innermost type of an optional or a list.
constexpr const TypeTable& held_in(const TypeTable& type) {
    return type.inner ? held_in(*type.inner) : type;
}

// Whether a field that is about a person is a text that anybody can write.
constexpr bool bares_a_person(const TypeTable& type) {
    for (const FieldTable& field : held_in(type).fields) {
        if (held_in(*field.type).is_bare && is_about_a_person(field.name)) return true;
        if (bares_a_person(*field.type)) return true;
    }
    return false;
}

// What a variant may hold; by the type of its own, a mistake names the struct.
template <class T>
struct Kept {
    static_assert(!holds_fraction(table<T>), "no event and no money holds a fraction");
    static_assert(!bares_a_person(table<T>),
                  "a field that is about a person is Sealed, see kernel/personal_fields.h");
    static constexpr bool checked = true;
};

// --- tables of variants ---

template <class T>
concept HasFormer = requires { typename T::Former; };

// The newest shape from a payload in the shape `Old`.
template <class T, class Old>
std::expected<T, JsonError> decode_from(std::string_view payload) {
    if constexpr (std::same_as<T, Old>) {
        return from_json<T>(payload);
    } else {
        auto former = decode_from<typename T::Former, Old>(payload);
        if (!former) return std::unexpected(std::move(former).error());
        return T::upcast(*former);
    }
}

template <class Variant, class T, class Old>
struct FormerOf {
    static Failure decode(std::string_view payload, void* variant) {
        auto newest = decode_from<T, Old>(payload);
        if (!newest) return std::move(newest).error();
        *static_cast<Variant*>(variant) = *std::move(newest);
        return {};
    }
    static std::expected<std::string, JsonError> rewrite(std::string_view payload) {
        auto old = from_json<Old>(payload);
        if (!old) return std::unexpected(std::move(old).error());
        return to_json(*old);
    }
    static constexpr const FormerTable* before() {
        if constexpr (HasFormer<Old>)
            return &FormerOf<Variant, T, typename Old::Former>::table;
        else
            return nullptr;
    }
    static constexpr FormerTable table{Old::type, before(), decode, rewrite};
};

template <class Variant>
struct TableOfVariant;
template <class... T>
struct TableOfVariant<std::variant<T...>> {
    using Variant = std::variant<T...>;

    template <class A>
    static void* emplace(void* variant) {
        return &static_cast<Variant*>(variant)->template emplace<A>();
    }
    template <class A>
    static constexpr const FormerTable* former() {
        if constexpr (HasFormer<A>)
            return &FormerOf<Variant, A, typename A::Former>::table;
        else
            return nullptr;
    }
    static_assert((Kept<T>::checked && ...));
    static constexpr std::array alternatives{
        AlternativeTable{T::type, &table<T>, emplace<T>, former<T>()}...};
};

template <class Variant>
inline constexpr VariantTable variant_table{TableOfVariant<Variant>::alternatives};

}  // namespace json_detail

template <class T>
std::expected<T, JsonError> from_json(std::string_view text, Reading reading) {
    std::expected<T, JsonError> value{std::in_place};
    if (auto failure = json_detail::read_document(text, json_detail::table<T>, &*value, reading))
        return std::unexpected(*std::move(failure));
    return value;
}

template <class T>
void write_json(std::string& out, const T& value) {
    static_assert(!json_detail::holds_fraction(json_detail::table<T>),
                  "no event and no money holds a fraction");
    json_detail::write_value(out, json_detail::table<T>, &value);
}

template <class T>
std::string json_schema() {
    return json_detail::schema(json_detail::table<T>);
}

template <class T>
std::string json_schema_of(std::string_view field) {
    return json_detail::schema_of(json_detail::table<T>, field);
}

template <class Event>
std::string encode_event(const Event& event) {
    const void* value = std::visit([](const auto& e) -> const void* { return &e; }, event);
    return json_detail::encode(*json_detail::variant_table<Event>[event.index()].table, value);
}

template <class Event>
bool is_event_type(std::string_view type) {
    return json_detail::has_type(json_detail::variant_table<Event>, type);
}

template <class Event>
std::expected<Event, JsonError> decode_event(std::string_view type, std::string_view payload) {
    std::expected<Event, JsonError> event{std::in_place};
    if (auto failure =
            json_detail::decode_variant(json_detail::variant_table<Event>, type, payload, &*event))
        return std::unexpected(*std::move(failure));
    return event;
}

template <class Event>
std::expected<std::string, JsonError> rewrite_event(std::string_view type,
                                                    std::string_view payload) {
    Event event;
    return json_detail::rewrite_variant(json_detail::variant_table<Event>, type, payload, &event);
}

template <class Variant>
std::string shape_of() {
    return json_detail::shape(json_detail::variant_table<Variant>);
}

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
#define YEYAK_INSTANTIATE_JSON(Type)                                                    \
    template void write_json<Type>(std::string&, const Type&);                          \
    template std::expected<Type, JsonError> from_json<Type>(std::string_view, Reading); \
    template std::string json_schema<Type>();                                           \
    template std::string json_schema_of<Type>(std::string_view);

}  // namespace yeyak
