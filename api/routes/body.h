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
#include "kernel/json.h"

namespace yeyak::server {
struct LimitsConfig;
}
namespace yeyak::json_detail {
struct TypeTable;
}

namespace yeyak::api {

// A text that is more than so many characters: a number in groups, say.
struct TextForm {
    std::string_view pattern;  // ECMA-262, what JSON Schema can say of it; may be empty
    // How the text must be ("must be …"), or empty when it is so. It never repeats the text.
    std::string_view (*refuse)(std::string_view text);
};

// What one field may hold beyond its type.
class Field {
  public:
    explicit Field(std::string_view name) : name_(name) {}

    // Characters.
    Field& length(std::size_t least, std::size_t most);
    // It may have several lines, as an address has.
    Field& lines();
    Field& form(const TextForm& form);
    // One of these words; of a single one, `why` no other.
    Field& one_of(std::vector<std::string_view> words, std::string_view why = {});
    // Numbers; of a list, each of them.
    Field& from(std::int64_t least, std::int64_t most = INT64_MAX);
    // Won, from `least` to limits.amount.
    Field& amount(std::int64_t least);
    Field& items(std::size_t most);
    // What people read of it in the documentation.
    Field& about(std::string_view text);

  private:
    friend class BodyRules;
    struct Range {
        std::int64_t least;
        std::int64_t most;
    };
    bool says_enough(const json_detail::TypeTable& type) const;
    Range range(const server::LimitsConfig& limits) const;
    std::string refuse_text(std::string_view text) const;
    std::string refuse_number(std::int64_t number, const server::LimitsConfig& limits) const;
    std::string refuse(const json_detail::TypeTable& type, const void* value,
                       const server::LimitsConfig& limits) const;
    std::string schema(const json_detail::TypeTable& type, Reading reading,
                       const server::LimitsConfig& limits) const;
    std::string text_members() const;
    std::string members_of(const json_detail::TypeTable& type, Reading reading,
                           const server::LimitsConfig& limits) const;

    std::string_view name_;  // in C++
    std::string_view about_;
    std::size_t shortest_ = 0;
    std::size_t longest_ = 0;  // 0: not said
    bool has_lines_ = false;
    const TextForm* form_ = nullptr;
    std::vector<std::string_view> words_;
    std::string_view why_;
    std::optional<Range> range_;
    bool is_amount_ = false;
    std::size_t items_ = 0;  // 0: not said
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
    std::vector<std::string_view> one_of = {};  // exactly one of these must be there
    std::vector<std::string_view> any_of = {};  // at least one of these
    bool may_be_left_out = false;               // an empty body is {}
};

// Body without its type.
class BodyRules {
  public:
    BodyRules(const json_detail::TypeTable& type, Reading reading, std::vector<Field> fields,
              BodyOptions options);
    // Fills `value`, which is as it was made; the answer when the body does not fit.
    std::optional<http::Response> read(std::string_view body, void* value,
                                       const server::LimitsConfig& limits) const;
    // JSON Schema (draft 2020-12).
    std::string schema(const server::LimitsConfig& limits) const;

  private:
    JsonError unknown(std::string_view name) const;
    std::optional<JsonError> refuse_choice(std::uint64_t given) const;
    std::uint64_t given(const void* value) const;

    const json_detail::TypeTable& type_;
    Reading reading_;
    std::vector<Field> fields_;  // in the order of the table
    BodyOptions options_;
};

template <class T>
class Body {
  public:
    Body(Reading reading, std::vector<Field> fields, BodyOptions options = {});

    std::expected<T, http::Response> read(const http::Request& request,
                                          const server::LimitsConfig& limits) const {
        std::expected<T, http::Response> value{std::in_place};
        if (auto refused = rules_.read(request.body, &*value, limits))
            return std::unexpected(*std::move(refused));
        return value;
    }
    std::string schema(const server::LimitsConfig& limits) const { return rules_.schema(limits); }

  private:
    BodyRules rules_;
};

}  // namespace yeyak::api
