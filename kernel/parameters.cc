#include "kernel/parameters.h"

#include <utility>

namespace yeyak {

void Parameters::add(std::string name, std::string value) {
    values_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string_view> Parameters::find(std::string_view name) const {
    for (const NamedValue& parameter : values_)
        if (parameter.name == name) return parameter.value;
    return std::nullopt;
}

std::vector<std::string_view> Parameters::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const NamedValue& parameter : values_)
        if (parameter.name == name) values.emplace_back(parameter.value);
    return values;
}

std::string_view Parameters::operator[](std::string_view name) const {
    return find(name).value_or(std::string_view{});
}

}  // namespace yeyak
