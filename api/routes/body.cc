#include "api/routes/body.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/http/problem.h"
#include "api/routes/common.h"
#include "kernel/ensure.h"
#include "kernel/json_fields.h"
#include "kernel/money.h"
#include "kernel/nearest.h"
#include "kernel/text.h"
#include "kernel/utf8.h"
#include "server/config/config.h"

namespace yeyak::api {

using json_detail::FieldTable;
using json_detail::Kind;
using json_detail::TypeTable;

namespace {

// More than this tells nobody more.
constexpr std::size_t most_errors = 20;
constexpr std::size_t longest_name = 64;

// What cannot be read, against what does not fit.
bool is_unreadable(const JsonError& error) {
    return error.code != "invalid_value" && error.code != "out_of_range";
}

std::string sentence(const JsonError& error) {
    return error.field.empty() ? error.detail : fmt::format("{} {}", error.field, error.detail);
}

// "items[2].price" as a JSON pointer (RFC 6901): /items/2/price
std::string pointer(std::string_view path) {
    std::string text = path.empty() ? "" : "/";
    for (const char c : path) {
        if (c == '.' || c == '[')
            text += '/';
        else if (c == '~' || c == '/')
            text += c == '~' ? "~0" : "~1";
        else if (c != ']')
            text += c;
    }
    return text;
}

std::string errors_json(const std::vector<JsonError>& errors) {
    std::string list;
    for (const auto& error : errors)
        list += fmt::format(R"({}{{"pointer":{},"field":{},"code":"{}","detail":{}}})",
                            list.empty() ? "" : ",", http::json_string(pointer(error.field)),
                            http::json_string(error.field), error.code,
                            http::json_string(sentence(error)));
    return fmt::format("[{}]", list);
}

http::Response refuse(std::vector<JsonError> errors) {
    const auto all = errors.size();
    const auto unreadable = std::ranges::find_if(errors, is_unreadable);
    const auto& first = unreadable == errors.end() ? errors.front() : *unreadable;
    http::Problem problem;
    problem.status = unreadable == errors.end() ? 422 : 400;
    problem.code = first.code;
    problem.field = first.field;
    if (all > most_errors) errors.resize(most_errors);
    for (const auto& error : errors)
        problem.detail += (problem.detail.empty() ? "" : "; ") + sentence(error);
    if (all > most_errors) problem.detail += fmt::format("; and {} more", all - most_errors);
    problem.extra = {{"errors", errors_json(errors)}};
    return http::problem(problem);
}

std::string joined(const std::vector<std::string_view>& names, std::string_view between) {
    return fmt::format("{}", fmt::join(names, between));
}

bool holds_control(std::string_view text, bool lines_are_none) {
    if (!lines_are_none) return has_control(text);
    std::string without{text};
    std::erase_if(without, [](char c) { return c == '\n' || c == '\r'; });
    return has_control(without);
}

bool is_in(const std::vector<std::string_view>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

std::int64_t number_in(const TypeTable& type, const void* value) {
    if (type.kind == Kind::won) return static_cast<const Won*>(value)->amount;
    ensure(type.bytes == 8 && type.is_signed, "the numbers of bodies are std::int64_t");
    return *static_cast<const std::int64_t*>(value);
}

}  // namespace

Field& Field::length(std::size_t least, std::size_t most) {
    shortest_ = least;
    longest_ = most;
    return *this;
}

Field& Field::lines() {
    has_lines_ = true;
    return *this;
}

Field& Field::form(const TextForm& form) {
    form_ = &form;
    return *this;
}

Field& Field::one_of(std::vector<std::string_view> words, std::string_view why) {
    words_ = std::move(words);
    why_ = why;
    return *this;
}

Field& Field::from(std::int64_t least, std::int64_t most) {
    range_ = Range{least, most};
    return *this;
}

Field& Field::amount(std::int64_t least) {
    is_amount_ = true;
    return from(least);
}

Field& Field::items(std::size_t most) {
    items_ = most;
    return *this;
}

Field& Field::about(std::string_view text) {
    about_ = text;
    return *this;
}

bool Field::says_enough(const TypeTable& type) const {
    switch (type.kind) {
        case Kind::text:
            return longest_ > 0 || form_ || !words_.empty();
        case Kind::integer:
        case Kind::fraction:
            return range_ && !is_amount_;
        case Kind::won:
            return is_amount_;
        case Kind::optional:
            return says_enough(*type.inner);
        case Kind::list:
            return items_ > 0 && says_enough(*type.inner);
        case Kind::boolean:
        case Kind::date:
        case Kind::enumeration:
            return true;
        case Kind::instant:
        case Kind::structure:
            return false;  // no body has one yet
    }
    return false;
}

Field::Range Field::range(const server::LimitsConfig& limits) const {
    return {range_->least, is_amount_ ? limits.amount : range_->most};
}

std::string Field::refuse_text(std::string_view text) const {
    if (!words_.empty()) {
        if (is_in(words_, text)) return {};
        if (words_.size() == 1 && !why_.empty())
            return fmt::format("must be {}: {}", words_.front(), why_);
        return fmt::format("must be one of {}", joined(words_, ", "));
    }
    if (holds_control(text, has_lines_))
        return has_lines_ ? "must be without control characters other than line breaks"
                          : "must be without control characters, such as a line break";
    const auto count = characters(text);
    if (longest_ > 0 && (count < shortest_ || count > longest_)) {
        if (shortest_ == 0)
            return fmt::format("must have at most {} characters; it has {}", longest_, count);
        return fmt::format("must have {} to {} characters; it has {}", shortest_, longest_, count);
    }
    const auto must = form_ ? form_->refuse(text) : "";
    return must.empty() ? "" : fmt::format("must be {}", must);
}

std::string Field::refuse_number(std::int64_t number, const server::LimitsConfig& limits) const {
    const auto [least, most] = range(limits);
    if (number >= least && number <= most) return {};
    const auto* unit = is_amount_ ? ", in won" : "";
    if (most == INT64_MAX) return fmt::format("must be at least {}{}", least, unit);
    return fmt::format("must be from {} to {}{}", least, most, unit);
}

std::string Field::refuse(const TypeTable& type, const void* value,
                          const server::LimitsConfig& limits) const {
    switch (type.kind) {
        case Kind::text:
            return refuse_text(*static_cast<const std::string*>(value));
        case Kind::integer:
        case Kind::won:
            return refuse_number(number_in(type, value), limits);
        case Kind::fraction: {
            const auto number = *static_cast<const double*>(value);
            const bool fits = number >= static_cast<double>(range_->least) &&
                              number <= static_cast<double>(range_->most);
            return fits ? "" : fmt::format("must be from {} to {}", range_->least, range_->most);
        }
        case Kind::optional:
            if (const void* held = type.at(value, 0)) return refuse(*type.inner, held, limits);
            return {};
        case Kind::list:
            for (std::size_t i = 0; const void* item = type.at(value, i); ++i) {
                if (i == items_) return fmt::format("must have at most {} items", items_);
                auto refused = refuse(*type.inner, item, limits);
                if (!refused.empty()) return refused;
            }
            return {};
        default:
            return {};
    }
}

BodyRules::BodyRules(const TypeTable& type, Reading reading, std::vector<Field> fields,
                     BodyOptions options)
    : type_(type), reading_(reading), options_(std::move(options)) {
    for (const FieldTable& each : type.fields) {
        const auto rule = std::ranges::find(fields, each.name, &Field::name_);
        fields_.push_back(rule == fields.end() ? Field{each.name} : std::move(*rule));
        ensure(fields_.back().says_enough(*each.type), "a body says what each of its fields holds");
    }
}

JsonError BodyRules::unknown(std::string_view name) const {
    for (const auto& [refused, why] : options_.refused)
        if (name == refused) return {"invalid_value", std::string{name}, std::string{why}};
    std::vector<std::string> names;
    for (const FieldTable& each : type_.fields) names.emplace_back(each.key());
    auto meant = hint(nearest(name, names));
    if (meant.empty() && !names.empty())
        meant = fmt::format("; there are {}", fmt::join(names, ", "));
    return {"unknown_field", printable(clipped(name, longest_name)), "is no field here" + meant};
}

// One bit for each field that holds something.
std::uint64_t BodyRules::given(const void* value) const {
    std::uint64_t given = 0;
    for (std::size_t i = 0; i < type_.fields.size(); ++i) {
        const FieldTable& each = type_.fields[i];
        const void* at = each.in(const_cast<void*>(value));
        const bool there = each.type->kind != Kind::optional || each.type->at(at, 0);
        given |= std::uint64_t{there} << i;
    }
    return given;
}

std::optional<JsonError> BodyRules::refuse_choice(std::uint64_t given) const {
    const auto count = [&](const std::vector<std::string_view>& names) {
        std::size_t there = 0;
        for (std::size_t i = 0; i < type_.fields.size(); ++i)
            if ((given >> i & 1) != 0 && is_in(names, type_.fields[i].key())) ++there;
        return there;
    };
    const auto& one_of = options_.one_of;
    if (!one_of.empty() && count(one_of) != 1)
        return JsonError{
            count(one_of) == 0 ? "missing_field" : "invalid_value", std::string{one_of.front()},
            count(one_of) == 0
                ? fmt::format("is required, or else {}",
                              joined({one_of.begin() + 1, one_of.end()}, " or "))
                : fmt::format("must stand alone: send one of {}", joined(one_of, ", "))};
    const auto& any_of = options_.any_of;
    if (!any_of.empty() && count(any_of) == 0)
        return JsonError{"missing_field", std::string{any_of.front()},
                         fmt::format("is required, or else {}",
                                     joined({any_of.begin() + 1, any_of.end()}, " or "))};
    return std::nullopt;
}

std::optional<http::Response> BodyRules::read(std::string_view body, void* value,
                                              const server::LimitsConfig& limits) const {
    if (body.empty() && options_.may_be_left_out) body = "{}";
    auto fields = json_detail::read_fields(body, type_, value, reading_);
    if (!fields) return problem_of(fields.error());
    auto errors = std::move(fields->wrong);
    for (const auto& name : fields->unknown)
        if (!is_in(options_.ignored, name)) errors.push_back(unknown(name));
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if ((fields->good >> i & 1) == 0) continue;
        const FieldTable& each = type_.fields[i];
        auto refused = fields_[i].refuse(*each.type, each.in(value), limits);
        if (!refused.empty())
            errors.push_back({"invalid_value", std::string{each.key()}, std::move(refused)});
    }
    // Nobody knows what was meant by a field that is wrong.
    if (errors.empty())
        if (auto refused = refuse_choice(given(value))) errors.push_back(*std::move(refused));
    if (errors.empty()) return std::nullopt;
    return refuse(std::move(errors));
}

}  // namespace yeyak::api
