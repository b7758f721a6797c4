// The result of a day as a table for people or as one JSON object for programs.
#pragma once
#include <optional>
#include <string>

#include "demo/day.h"

namespace yeyak::demo {

// `width`: columns of the terminal, nothing for no bound.
std::string as_table(const Plan& plan, const Outcome& outcome, std::optional<std::size_t> width);
std::string as_json(const Plan& plan, const Outcome& outcome);

}  // namespace yeyak::demo
