#include "kernel/order_name.h"

#include <fmt/format.h>

#include <charconv>

namespace yeyak {

std::string order_name(std::string_view system, OrderName name) {
    if (name.attempt == 1) return fmt::format("{}-{}", system, name.id);
    return fmt::format("{}-{}-{}", system, name.id, name.attempt);
}

std::optional<OrderName> parse_order_name(std::string_view system, std::string_view text) {
    if (!text.starts_with(system) || !text.substr(system.size()).starts_with('-'))
        return std::nullopt;
    const auto* const end = text.data() + text.size();
    OrderName name;
    const auto id = std::from_chars(text.data() + system.size() + 1, end, name.id);
    if (id.ec != std::errc{} || name.id < 1) return std::nullopt;
    if (id.ptr != end && *id.ptr == '-') std::from_chars(id.ptr + 1, end, name.attempt);
    if (name.attempt < 1 || order_name(system, name) != text) return std::nullopt;
    return name;
}

}  // namespace yeyak
