#include "api/routes/body.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/ensure.h"
#include "kernel/json_fields.h"
#include "kernel/nearest.h"
#include "kernel/text.h"

namespace yeyak::api {

using json_detail::FieldsRead;
using json_detail::FieldTable;
using json_detail::Kind;
using json_detail::path_step;
using json_detail::TypeTable;
using json_detail::within;

namespace {

// More than this tells nobody more.
constexpr std::size_t most_told = 20;
constexpr std::size_t longest_name = 64;

// What cannot be read, against what does not fit.
bool is_unreadable(const JsonError& error) {
    constexpr std::string_view fits_not[] = {"invalid_value",    "out_of_range",
                                             "commit_too_large", "condition_too_wide",
                                             "bad_stream_name",  "no_events"};
    return std::ranges::find(fits_not, error.code) == std::end(fits_not);
}

std::string sentence(const JsonError& error) {
    return error.field.empty() ? error.detail : fmt::format("{} {}", error.field, error.detail);
}

void append_to_pointer(std::string& text, char c) {
    if (c == '~' || c == '/')
        text += c == '~' ? "~0" : "~1";
    else
        text += c;
}

// What stands in quotes at the front of `path`; it is taken from there, with the closing bracket.
void take_quoted(std::string_view& path, std::string& text) {
    path.remove_prefix(1);
    while (!path.starts_with("\"]")) {
        if (path.front() == '\\') path.remove_prefix(1);
        append_to_pointer(text, path.front());
        path.remove_prefix(1);
    }
    path.remove_prefix(2);
}

// "items[2].price" as a JSON pointer (RFC 6901): /items/2/price. See json_detail::path_step().
std::string pointer(std::string_view path) {
    std::string text = path.empty() || path.starts_with('[') ? "" : "/";
    while (!path.empty()) {
        const char c = path.front();
        path.remove_prefix(1);
        if (c == '.' || c == '[')
            text += '/';
        else if (c != ']')
            append_to_pointer(text, c);
        if (c == '[' && path.starts_with('"')) take_quoted(path, text);
    }
    return text;
}

std::string json_of(const JsonError& error, bool in_body) {
    const auto place =
        in_body ? fmt::format("\"pointer\":{},", http::json_string(pointer(error.field))) : "";
    return fmt::format(R"({{{}"field":{},"code":"{}","detail":{}}})", place,
                       http::json_string(error.field), error.code,
                       http::json_string(sentence(error)));
}

http::Problem problem_of(BodyErrors errors, bool in_body) {
    const auto all = errors.size();
    const auto unreadable = std::ranges::find_if(errors, is_unreadable);
    const auto& first = unreadable == errors.end() ? errors.front() : *unreadable;
    http::Problem problem;
    problem.status = unreadable == errors.end() ? 422 : 400;
    problem.code = first.code;
    problem.field = first.field;
    if (all > most_told) errors.resize(most_told);
    std::string list;
    for (const auto& error : errors) {
        problem.detail += (problem.detail.empty() ? "" : "; ") + sentence(error);
        list += (list.empty() ? "" : ",") + json_of(error, in_body);
    }
    if (all > most_told) problem.detail += fmt::format("; and {} more", all - most_told);
    problem.extra = {{"errors", fmt::format("[{}]", list)}};
    return problem;
}

std::string joined(const std::vector<std::string_view>& names, std::string_view between) {
    return fmt::format("{}", fmt::join(names, between));
}

bool is_in(const std::vector<std::string_view>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

JsonError missing(std::string_view name) {
    return {"missing_field", std::string{name}, "is required"};
}

JsonError missing_all(const std::vector<std::string_view>& names) {
    return {
        "missing_field", std::string{names.front()},
        fmt::format("is required, or else {}", joined({names.begin() + 1, names.end()}, " or "))};
}

JsonError must_stand_alone(const std::vector<std::string_view>& names) {
    return {"invalid_value", std::string{names.front()},
            fmt::format("must stand alone: send one of {}", joined(names, ", "))};
}

}  // namespace

http::Response refuse_body(BodyErrors errors) {
    return http::problem(problem_of(std::move(errors), true));
}
http::Problem problem_of_parameters(BodyErrors errors) {
    return problem_of(std::move(errors), false);
}
http::Response refuse_header(BodyErrors errors) {
    return http::problem(problem_of_parameters(std::move(errors)));
}

BodyRules::BodyRules(const TypeTable& type, Reading reading, std::vector<Field> fields,
                     BodyOptions options)
    : type_(type), reading_(reading), options_(std::move(options)) {
    for (const FieldTable& each : type_.fields) {
        const auto rule = std::ranges::find(fields, each.name, &Field::name_);
        fields_.push_back(rule == fields.end() ? Field{each.name} : std::move(*rule));
        ensure(fields_.back().says_enough(*each.type), "a body says what each of its fields holds");
    }
}

std::optional<JsonError> BodyRules::refuse_name(std::string_view name) const {
    for (const auto& [refused, why] : options_.refused)
        if (name == refused)
            return JsonError{std::string{options_.refused_as}, std::string{name}, std::string{why}};
    return std::nullopt;
}

JsonError BodyRules::unknown(std::string_view name) const {
    std::vector<std::string> names;
    for (const FieldTable& each : type_.fields)
        if (each.type->kind != Kind::others) names.emplace_back(each.key());
    auto meant = hint(nearest(name, names));
    if (meant.empty() && !names.empty())
        meant = fmt::format("; there are {}", fmt::join(names, ", "));
    return {"unknown_field", path_step(printable(clipped(name, longest_name))),
            "is no field here" + meant};
}

// One bit for each field that holds something, and for each that holds a text.
struct BodyRules::Given {
    std::uint64_t there = 0;
    std::uint64_t texts = 0;
};

BodyRules::Given BodyRules::given(const void* value) const {
    Given given;
    for (std::size_t i = 0; i < type_.fields.size(); ++i) {
        const TypeTable* type = type_.fields[i].type;
        const void* at = type_.fields[i].in(const_cast<void*>(value));
        if (type->kind == Kind::optional) {
            at = type->at(at, 0);
            type = type->inner;
        }
        if (at == nullptr || (type->kind == Kind::list && type->at(at, 0) == nullptr)) continue;
        given.there |= std::uint64_t{1} << i;
        if (type->kind == Kind::choice) type = type->alternatives[type->chosen(at)];
        given.texts |= std::uint64_t{type->kind == Kind::text} << i;
    }
    return given;
}

bool BodyRules::is_given(std::uint64_t fields, std::string_view name) const {
    for (std::size_t i = 0; i < type_.fields.size(); ++i)
        if (type_.fields[i].key() == name) return (fields >> i & 1) != 0;
    return false;
}

std::optional<JsonError> BodyRules::refuse_choice(const Given& given) const {
    const auto count = [&](const std::vector<std::string_view>& names) {
        return std::ranges::count_if(
            names, [&](std::string_view name) { return is_given(given.there, name); });
    };
    const auto& one_of = options_.one_of;
    const auto& any_of = options_.any_of;
    if (!one_of.empty() && count(one_of) == 0) return missing_all(one_of);
    if (!any_of.empty() && count(any_of) == 0) return missing_all(any_of);
    for (const auto* names : {&one_of, &options_.at_most_one})
        if (count(*names) > 1) return must_stand_alone(*names);
    return std::nullopt;
}

// What must be there because of the body, or because of another field.
void BodyRules::check_company(const Given& given, BodyErrors& errors) const {
    auto required = options_.required;
    const bool applies = options_.with && is_given(given.there, options_.with->name);
    if (applies) std::ranges::copy(options_.with->required, std::back_inserter(required));
    for (const auto name : required)
        if (!is_given(given.there, name) &&
            std::ranges::find(errors, name, &JsonError::field) == errors.end())
            errors.push_back(missing(name));
    if (!applies) return;
    for (const auto name : options_.with->texts)
        if (is_given(given.there, name) && !is_given(given.texts, name))
            errors.push_back({"wrong_type", std::string{name},
                              fmt::format("must be a text beside {}", options_.with->name)});
}

void BodyRules::check_lists(const FieldsRead& read, const void* value,
                            const server::LimitsConfig& limits, BodyErrors& errors) const {
    for (const auto& [number, items] : read.lists) {
        const FieldTable& each = type_.fields[number];
        const void* list = each.in(const_cast<void*>(value));
        const TypeTable* type = each.type;
        if (type->kind == Kind::optional) {
            list = type->at(list, 0);
            type = type->inner;
        }
        for (auto& error : fields_[number].refuse_items(items, *type, list, limits))
            errors.push_back(within(each.key(), std::move(error)));
    }
}

void BodyRules::check_others(std::size_t number, const FieldsRead& read, const void* others,
                             const server::LimitsConfig& limits, BodyErrors& errors) const {
    const TypeTable& type = *type_.fields[number].type;
    const Field& field = fields_[number];
    auto unread = read.others.begin();
    for (std::size_t i = 0; errors.size() < most_errors; ++i) {
        const void* value = type.at(others, i);
        if (value == nullptr) return;
        const auto name = type.name_at(others, i);
        const auto must = field.form_->refuse(name);
        const bool is_unread = unread != read.others.end() && unread->field == path_step(name);
        const auto reason = is_unread ? unread++ : unread;
        if (auto refused = refuse_name(name)) {
            errors.push_back(*std::move(refused));
        } else if (!must.empty()) {
            errors.push_back(unknown(name));
            errors.back().detail += fmt::format("; others are named with {}", must);
        } else if (is_unread) {
            errors.push_back(*reason);
        } else if (auto wrong = field.refuse(*type.inner, value, limits)) {
            errors.push_back(within(path_step(name), *std::move(wrong)));
        }
    }
}

BodyErrors BodyRules::check(const FieldsRead& read, const void* value,
                            const server::LimitsConfig& limits) const {
    auto errors = read.wrong;
    for (const auto& name : read.unknown)
        if (!is_in(options_.ignored, name) && errors.size() < most_errors)
            errors.push_back(refuse_name(name).value_or(unknown(name)));
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const FieldTable& each = type_.fields[i];
        const void* at = each.in(const_cast<void*>(value));
        if (each.type->kind == Kind::others) check_others(i, read, at, limits, errors);
        if ((read.good >> i & 1) == 0) continue;
        if (is_in(options_.not_null, each.key()) && each.type->at(at, 0) == nullptr) {
            errors.push_back({"wrong_type", std::string{each.key()},
                              "must not be null; leave it out where it guards nothing"});
            continue;
        }
        if (auto refused = fields_[i].refuse(*each.type, at, limits))
            errors.push_back(within(each.key(), *std::move(refused)));
    }
    check_lists(read, value, limits, errors);
    const auto given = this->given(value);
    check_company(given, errors);
    // Nobody knows what was meant by a field that is wrong.
    if (errors.empty())
        if (auto refused = refuse_choice(given)) errors.push_back(*std::move(refused));
    return errors;
}

BodyErrors BodyRules::read(std::string_view body, void* value,
                           const server::LimitsConfig& limits) const {
    if (body.empty() && options_.may_be_left_out) body = "{}";
    const auto fields = json_detail::read_fields(body, type_, value, reading_);
    if (!fields) return {fields.error()};
    return check(*fields, value, limits);
}

BodyErrors BodyRules::read_list(const Field& list, const TypeTable& type, std::string_view body,
                                void* value, const server::LimitsConfig& limits) {
    const auto items = json_detail::read_items(body, type, value, list.each_->reading_);
    if (!items) return {items.error()};
    if (auto refused = list.refuse(type, value, limits)) return {*std::move(refused)};
    return list.refuse_items(*items, type, value, limits);
}

}  // namespace yeyak::api
