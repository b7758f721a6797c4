// The result of a day as a table for people or as one JSON object for programs.
#pragma once
#include <string>

#include "demo/day.h"

namespace yeyak::demo {

std::string as_table(const Plan& plan, const Outcome& outcome);
std::string as_json(const Plan& plan, const Outcome& outcome);

}  // namespace yeyak::demo
