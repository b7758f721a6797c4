// The fields of a view row's JSON, and how two rows differ. Values are JSON as they are stored: a
// sealed text is compared as it is sealed. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yeyak::projections {

// In the order of the row; one nameless field with the whole text when it is no JSON object.
using RowFields = std::vector<std::pair<std::string, std::string>>;
RowFields fields_of_row(std::string_view json);

struct FieldChange {
    std::string field;
    std::optional<std::string> before;  // none: the row, or the field, was not there
    std::optional<std::string> after;
};

// All fields of `after` that are not the same in `before`, then those that are gone.
std::vector<FieldChange> changes_between(const RowFields& before, const RowFields& after);

// The field's value, if there is one.
const std::string* value_of(const RowFields& fields, std::string_view field);

}  // namespace yeyak::projections
