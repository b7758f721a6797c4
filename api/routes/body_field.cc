// What one field of a body may hold, and what is said when it holds something else.
#include <fmt/format.h>

#include <algorithm>

#include "api/routes/body.h"
#include "kernel/ensure.h"
#include "kernel/json_fields.h"
#include "kernel/money.h"
#include "kernel/utf8.h"
#include "server/config/config.h"

namespace yeyak::api {

using json_detail::FieldsRead;
using json_detail::Kind;
using json_detail::TypeTable;
using json_detail::within;
using Wrong = std::optional<JsonError>;

namespace {

bool holds_control(std::string_view text, bool lines_are_none) {
    if (!lines_are_none) return has_control(text);
    std::string without{text};
    std::erase_if(without, [](char c) { return c == '\n' || c == '\r'; });
    return has_control(without);
}

JsonError invalid(std::string detail) { return {"invalid_value", "", std::move(detail)}; }

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

Field& Field::bytes(std::size_t least, std::size_t most) {
    counts_bytes_ = true;
    return length(least, most);
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

Field& Field::items(std::size_t least, std::size_t most) {
    fewest_ = least;
    items_ = most;
    return *this;
}

Field& Field::either(std::vector<Field> alternatives) {
    alternatives_ = std::move(alternatives);
    return *this;
}

Field& Field::code(std::string_view beyond, std::string_view too_few) {
    beyond_ = beyond;
    too_few_ = too_few;
    return *this;
}

Field& Field::about(std::string_view text) {
    about_ = text;
    return *this;
}

bool Field::says_enough_of_each(const TypeTable& type) const {
    if (type.alternatives.size() != alternatives_.size()) return false;
    for (std::size_t i = 0; i < alternatives_.size(); ++i)
        if (!alternatives_[i].says_enough(*type.alternatives[i])) return false;
    return true;
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
            return items_ > 0 && (each_ || says_enough(*type.inner));
        case Kind::choice:
            return says_enough_of_each(type);
        case Kind::others:
            return form_ && says_enough(*type.inner);
        case Kind::any:
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

Field::Range Field::range(const Limits& limits) const {
    return {range_->least, is_amount_ ? limits.amount : range_->most};
}

JsonError Field::beyond(std::string detail) const {
    return {std::string{beyond_}, "", std::move(detail)};
}

Wrong Field::refuse_length(std::string_view text) const {
    if (longest_ == 0) return {};
    const auto count = counts_bytes_ ? text.size() : characters(text);
    if (count >= shortest_ && count <= longest_) return {};
    const auto* unit = counts_bytes_ ? "bytes of UTF-8" : "characters";
    if (shortest_ == 0)
        return beyond(fmt::format("must have at most {} {}; it has {}", longest_, unit, count));
    return beyond(
        fmt::format("must have {} to {} {}; it has {}", shortest_, longest_, unit, count));
}

Wrong Field::refuse_word(std::string_view text) const {
    if (std::ranges::find(words_, text) != words_.end()) return {};
    if (words_.size() > 1) return beyond(fmt::format("must be one of {}", fmt::join(words_, ", ")));
    if (why_.empty()) return beyond(fmt::format("must be {}", words_.front()));
    return beyond(fmt::format("must be {}: {}", words_.front(), why_));
}

Wrong Field::refuse_text(std::string_view text) const {
    if (!words_.empty()) return refuse_word(text);
    if (holds_control(text, has_lines_))
        return invalid(has_lines_ ? "must be without control characters other than line breaks"
                                  : "must be without control characters, such as a line break");
    const auto must = form_ ? form_->refuse(text) : "";
    if (!must.empty())
        return JsonError{std::string{form_->code}, "", fmt::format("must be {}", must)};
    return refuse_length(text);
}

Wrong Field::refuse_number(std::int64_t number, const Limits& limits) const {
    const auto [least, most] = range(limits);
    if (number >= least && number <= most) return {};
    const auto* unit = is_amount_ ? ", in won" : "";
    if (most == INT64_MAX) return beyond(fmt::format("must be at least {}{}", least, unit));
    return beyond(fmt::format("must be from {} to {}{}", least, most, unit));
}

Wrong Field::refuse_fraction(double number) const {
    const bool fits =
        number >= static_cast<double>(range_->least) && number <= static_cast<double>(range_->most);
    if (fits) return {};
    return beyond(fmt::format("must be from {} to {}", range_->least, range_->most));
}

Wrong Field::refuse_count(std::size_t count) const {
    if (count > items_) return beyond(fmt::format("must have at most {} items", items_));
    if (count >= fewest_) return {};
    return JsonError{std::string{too_few_}, "",
                     fmt::format("must have at least {} item{}", fewest_, fewest_ > 1 ? "s" : "")};
}

Wrong Field::refuse_list(const TypeTable& type, const void* list, const Limits& limits) const {
    std::size_t count = 0;
    for (; const void* item = type.at(list, count); ++count) {
        if (count == items_) return refuse_count(items_ + 1);
        if (auto wrong = each_ ? Wrong{} : refuse(*type.inner, item, limits)) return wrong;
    }
    return refuse_count(count);
}

Wrong Field::refuse(const TypeTable& type, const void* value, const Limits& limits) const {
    switch (type.kind) {
        case Kind::text:
            return refuse_text(*static_cast<const std::string*>(value));
        case Kind::integer:
        case Kind::won:
            return refuse_number(number_in(type, value), limits);
        case Kind::fraction:
            return refuse_fraction(*static_cast<const double*>(value));
        case Kind::optional:
            if (const void* held = type.at(value, 0)) return refuse(*type.inner, held, limits);
            return {};
        case Kind::list:
            return refuse_list(type, value, limits);
        case Kind::choice: {
            const auto chosen = type.chosen(value);
            return alternatives_[chosen].refuse(*type.alternatives[chosen], type.at(value, 0),
                                                limits);
        }
        default:
            return {};
    }
}

BodyErrors Field::refuse_items(const std::vector<FieldsRead>& items, const TypeTable& list,
                               const void* value, const Limits& limits) const {
    BodyErrors errors;
    for (std::size_t i = 0; i < items.size() && errors.size() < BodyRules::most_errors; ++i)
        for (auto& error : each_->check(items[i], list.at(value, i), limits))
            errors.push_back(within(fmt::format("[{}]", i), std::move(error)));
    return errors;
}

}  // namespace yeyak::api
