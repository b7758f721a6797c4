// What the body of a request must be, said once: a described struct gives names and types, and one
// list gives what its fields may hold. The check, its words and the JSON Schema in /openapi.json
// follow from that list.
//
//   const Body<OrderBody> order_body{
//       Reading::lenient,
//       {field(&OrderBody::item).length(1, 100), field(&OrderBody::price).amount(1)},
//       {.ignored = {"status"}}};
//   ...
//   auto body = order_body.read(request, config.limits);
//   if (!body) co_return body.error();
//
// A text without a stated length, a number without a stated range and a field that nobody
// described do not pass: the program ends when it starts. Text holds no control characters, line
// breaks among them unless that is said. Lengths are counted in characters, as JSON Schema counts
// them.
//
// A field may be a list of structs that are bodies themselves (each), one of several types
// (either), and the members that nobody knows beforehand (others); see kernel/json_body.h.
//
// Everything that is wrong is told at once, in `errors` of the problem: 400 when something cannot
// be read, is missing or is no field here, 422 when something does not fit. Fields that are not
// known are refused; those that clients of the founding documents send without effect are named in
// `ignored`. Immutable, any thread. Bodies are made in a body.cc, which includes body_impl.h.
#pragma once
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <concepts>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "api/http/http.h"
#include "api/http/problem.h"
#include "api/http/router.h"
#include "kernel/json.h"

namespace yeyak::server {
struct LimitsConfig;
}
namespace yeyak::json_detail {
struct FieldTable;
struct FieldsRead;
struct TypeTable;
}  // namespace yeyak::json_detail

namespace yeyak::api {

// A text that is more than so many characters: a number in groups, say.
struct TextForm {
    std::string_view pattern;  // ECMA-262, what JSON Schema can say of it; may be empty
    // How the text must be ("must be …"), or empty when it is so. It never repeats the text.
    std::string_view (*refuse)(std::string_view text);
    std::string_view code = "invalid_value";
    std::string_view keyword = {};  // of JSON Schema, a member: "format":"date-time"
};

class BodyRules;
template <class T>
class Body;
using BodyErrors = std::vector<JsonError>;

// What one field may hold beyond its type.
class Field {
  public:
    // Without a name: what an alternative of a field may hold.
    explicit Field(std::string_view name = {}) : name_(name) {}

    // Characters.
    Field& length(std::size_t least, std::size_t most);
    // Bytes of UTF-8: what the log counts its names in.
    Field& bytes(std::size_t least, std::size_t most);
    // It may have several lines, as an address has.
    Field& lines();
    // Of others: how they are named.
    Field& form(const TextForm& form);
    // One of these words; of a single one, `why` no other.
    Field& one_of(std::vector<std::string_view> words, std::string_view why = {});
    // Numbers; of a list, each of them.
    Field& from(std::int64_t least, std::int64_t most = INT64_MAX);
    // Won, from `least` to limits.amount.
    Field& amount(std::int64_t least);
    Field& items(std::size_t least, std::size_t most);
    // Of a list of structs: what each of them is.
    template <class T>
    Field& each(const Body<T>& body);
    // One for each of the types that it may be of.
    Field& either(std::vector<Field> alternatives);
    // What a value beyond its limits is refused as, and a list with too few items.
    Field& code(std::string_view beyond, std::string_view too_few = "invalid_value");
    // What people read of it in the documentation.
    Field& about(std::string_view text);

  private:
    friend class BodyRules;
    using TypeTable = json_detail::TypeTable;
    using Limits = server::LimitsConfig;
    struct Range {
        std::int64_t least;
        std::int64_t most;
    };
    bool says_enough(const TypeTable& type) const;
    bool says_enough_of_each(const TypeTable& type) const;
    Range range(const Limits& limits) const;
    JsonError beyond(std::string detail) const;
    std::optional<JsonError> refuse_length(std::string_view text) const;
    std::optional<JsonError> refuse_word(std::string_view text) const;
    std::optional<JsonError> refuse_text(std::string_view text) const;
    std::optional<JsonError> refuse_number(std::int64_t number, const Limits& limits) const;
    std::optional<JsonError> refuse_fraction(double number) const;
    std::optional<JsonError> refuse_count(std::size_t count) const;
    std::optional<JsonError> refuse_list(const TypeTable& type, const void* list,
                                         const Limits& limits) const;
    std::optional<JsonError> refuse(const TypeTable& type, const void* value,
                                    const Limits& limits) const;
    BodyErrors refuse_items(const std::vector<json_detail::FieldsRead>& items,
                            const TypeTable& list, const void* value, const Limits& limits) const;

    std::string schema(const TypeTable& type, Reading reading, const Limits& limits) const;
    std::string text_members() const;
    std::string list_members(const TypeTable& type, Reading reading, const Limits& limits) const;
    std::string members_of(const TypeTable& type, Reading reading, const Limits& limits) const;
    std::string choice_members(const TypeTable& type, bool optional, Reading reading,
                               const Limits& limits) const;

    std::string_view name_;  // in C++
    std::string_view about_;
    std::string_view beyond_ = "invalid_value";
    std::string_view too_few_ = "invalid_value";
    std::size_t shortest_ = 0;
    std::size_t longest_ = 0;  // 0: not said
    bool counts_bytes_ = false;
    bool has_lines_ = false;
    const TextForm* form_ = nullptr;
    std::vector<std::string_view> words_;
    std::string_view why_;
    std::optional<Range> range_;
    bool is_amount_ = false;
    std::size_t fewest_ = 0;
    std::size_t items_ = 0;  // 0: not said
    const BodyRules* each_ = nullptr;
    std::vector<Field> alternatives_;
};

// `field(&Body::item)`. A member that is not described does not compile.
template <class Struct, class Member>
Field field(Member Struct::* member) {
    std::string_view name;
    using Members = boost::describe::describe_members<Struct, boost::describe::mod_public>;
    boost::mp11::mp_for_each<Members>([&](auto described) {
        if constexpr (std::same_as<decltype(described.pointer), Member Struct::* const>)
            if (described.pointer == member) name = described.name;
    });
    return Field{name};
}

// What is said of a body as a whole; names are those on the wire.
struct BodyOptions {
    std::vector<std::string_view> ignored = {};  // accepted, without effect
    std::vector<std::pair<std::string_view, std::string_view>> refused = {};  // and why
    std::vector<std::string_view> one_of = {};    // exactly one of these must be there
    std::vector<std::string_view> any_of = {};    // at least one of these
    std::vector<std::string_view> required = {};  // beside those that are never left out
    // Guards: a null would guard nothing, and is not meant to.
    std::vector<std::string_view> not_null = {};
    std::vector<std::string_view> at_most_one = {};  // of these two
    // With this field, those must be there, and these be texts.
    struct With {
        std::string_view name;
        std::vector<std::string_view> required;
        std::vector<std::string_view> texts;
    };
    std::optional<With> with = std::nullopt;
    std::string_view refused_as = "invalid_value";  // those in `refused`
    bool may_be_left_out = false;                   // an empty body is {}
};

// Body without its type.
class BodyRules {
  public:
    BodyRules(const json_detail::TypeTable& type, Reading reading, std::vector<Field> fields,
              BodyOptions options);
    // Fills `value`, which is as it was made, and answers what is wrong.
    BodyErrors read(std::string_view body, void* value, const server::LimitsConfig& limits) const;
    // The same for an array of bodies, into a list.
    static BodyErrors read_list(const Field& list, const json_detail::TypeTable& type,
                                std::string_view body, void* value,
                                const server::LimitsConfig& limits);

    // JSON Schema (draft 2020-12).
    http::BodySchema schema(const server::LimitsConfig& limits) const;
    static http::BodySchema schema_of_list(const Field& list, const json_detail::TypeTable& type,
                                           const server::LimitsConfig& limits);
    static http::BodySchema either(const http::BodySchema& one, const http::BodySchema& other);

  private:
    friend class Field;
    struct Given;
    // More are not looked for: a body that is wrong all over costs no more than this.
    static constexpr std::size_t most_errors = 1'000;
    BodyErrors check(const json_detail::FieldsRead& read, const void* value,
                     const server::LimitsConfig& limits) const;
    void check_lists(const json_detail::FieldsRead& read, const void* value,
                     const server::LimitsConfig& limits, BodyErrors& errors) const;
    void check_others(std::size_t number, const json_detail::FieldsRead& read, const void* others,
                      const server::LimitsConfig& limits, BodyErrors& errors) const;
    void check_company(const Given& given, BodyErrors& errors) const;
    std::optional<JsonError> refuse_name(std::string_view name) const;
    JsonError unknown(std::string_view name) const;
    bool is_given(std::uint64_t fields, std::string_view name) const;
    std::optional<JsonError> refuse_choice(const Given& given) const;
    Given given(const void* value) const;
    std::string schema_text(const server::LimitsConfig& limits) const;
    std::string others_members(std::size_t number, const server::LimitsConfig& limits) const;
    const json_detail::TypeTable& held(const json_detail::FieldTable& field) const;
    std::string properties(const server::LimitsConfig& limits) const;
    std::string presence(const std::vector<std::string_view>& names) const;
    std::string choice_member(std::string_view keyword,
                              const std::vector<std::string_view>& names) const;
    std::string with_member() const;

    const json_detail::TypeTable& type_;
    Reading reading_;
    std::vector<Field> fields_;  // in the order of the table
    BodyOptions options_;
};

// The answer to a body with these mistakes, or to header fields that are read as one; and what is
// said of parameters, which have no place in a document.
http::Response refuse_body(BodyErrors errors);
http::Response refuse_header(BodyErrors errors);
http::Problem problem_of_parameters(BodyErrors errors);

template <class T>
class Body {
  public:
    Body(Reading reading, std::vector<Field> fields, BodyOptions options = {});

    std::expected<T, http::Response> read(const http::Request& request,
                                          const server::LimitsConfig& limits) const {
        auto value = read(std::string_view{request.body}, limits);
        if (!value) return std::unexpected(refuse_body(std::move(value).error()));
        return *std::move(value);
    }
    std::expected<T, BodyErrors> read(std::string_view text,
                                      const server::LimitsConfig& limits) const {
        std::expected<T, BodyErrors> value{std::in_place};
        if (auto errors = rules_.read(text, &*value, limits); !errors.empty())
            return std::unexpected(std::move(errors));
        return value;
    }
    http::BodySchema schema(const server::LimitsConfig& limits) const {
        return rules_.schema(limits);
    }

  private:
    friend class Field;
    BodyRules rules_;
};

template <class T>
Field& Field::each(const Body<T>& body) {
    each_ = &body.rules_;
    return *this;
}

// A body that is an array of others: Field{}.items(1, 100).each(order_body)
template <class T>
class ListBody {
  public:
    explicit ListBody(Field list);

    std::expected<std::vector<T>, BodyErrors> read(std::string_view text,
                                                   const server::LimitsConfig& limits) const {
        std::expected<std::vector<T>, BodyErrors> value{std::in_place};
        auto errors = BodyRules::read_list(list_, type_, text, &*value, limits);
        if (!errors.empty()) return std::unexpected(std::move(errors));
        return value;
    }
    http::BodySchema schema(const server::LimitsConfig& limits) const {
        return BodyRules::schema_of_list(list_, type_, limits);
    }

  private:
    Field list_;
    const json_detail::TypeTable& type_;
};

}  // namespace yeyak::api
