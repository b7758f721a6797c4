#include "replay-tools/cli/values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "kernel/text.h"

namespace yeyak::tools {
namespace {

template <class Number>
std::optional<Number> read(std::string_view text) {
    Number number = 0;
    const auto* const end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || read != end) return std::nullopt;
    return number;
}

template <class Number>
CLI::Validator within(Number least, Number most, std::string range, std::string_view kind) {
    const auto refuse = [=](const std::string& text) -> std::string {
        const auto given = read<Number>(text);
        if (!given) return fmt::format("must be {} {}", kind, range);
        return *given >= least && *given <= most ? "" : fmt::format("must be {}", range);
    };
    return {refuse, std::move(range)};
}

}  // namespace

CLI::Validator one_of(std::vector<std::string> words) {
    auto description = fmt::format("{{{}}}", fmt::join(words, ","));
    const auto refuse = [words = std::move(words)](const std::string& text) -> std::string {
        if (std::ranges::find(words, text) != words.end()) return {};
        return fmt::format("must be {}, not {}", alternatives(words), text);
    };
    return {refuse, std::move(description)};
}

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
    return within(least, most,
                  most == any_most ? fmt::format("at least {}", least)
                                   : fmt::format("from {} to {}", least, most),
                  "a whole number");
}

CLI::Validator number(double least, double most) {
    return within(least, most, fmt::format("from {} to {}", least, most), "a number");
}

}  // namespace yeyak::tools
