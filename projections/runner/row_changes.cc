#include "projections/runner/row_changes.h"

#include <simdjson.h>

#include <algorithm>

namespace yeyak::projections {

RowFields fields_of_row(std::string_view json) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(simdjson::padded_string{json}).get_object().get(object) != simdjson::SUCCESS)
        return {{"", std::string{json}}};
    RowFields fields;
    for (const auto field : object)
        fields.emplace_back(std::string{field.key}, simdjson::minify(field.value));
    return fields;
}

const std::string* value_of(const RowFields& fields, std::string_view field) {
    const auto found = std::ranges::find(fields, field, &RowFields::value_type::first);
    return found == fields.end() ? nullptr : &found->second;
}

std::vector<FieldChange> changes_between(const RowFields& before, const RowFields& after) {
    std::vector<FieldChange> changes;
    for (const auto& [field, now] : after) {
        const auto* const old = value_of(before, field);
        if (old && *old == now) continue;
        changes.push_back({field, old ? std::optional{*old} : std::nullopt, now});
    }
    for (const auto& [field, old] : before)
        if (!value_of(after, field)) changes.push_back({field, old, std::nullopt});
    return changes;
}

}  // namespace yeyak::projections
