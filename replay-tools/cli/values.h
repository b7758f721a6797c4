// What the value of an option may be: said in help and refused in the same words, which are those
// of the settings (server/config).
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace yeyak::tools {

inline constexpr std::int64_t any_most = INT64_MAX;

// Completion offers them.
CLI::Validator one_of(std::vector<std::string> words);
CLI::Validator whole_number(std::int64_t least, std::int64_t most = any_most);
CLI::Validator number(double least, double most);

}  // namespace yeyak::tools
