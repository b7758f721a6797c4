// What a system calls its payments: its name, the number of what is paid for, and from the second
// attempt on the attempt: "market-17", "market-17-2". Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yeyak {

struct OrderName {
    std::int64_t id = 0;       // 1 and up
    std::int64_t attempt = 1;  // to pay for it
    friend bool operator==(const OrderName&, const OrderName&) = default;
};

std::string order_name(std::string_view system, OrderName name);

// Nothing for the payments of other systems, and for what order_name() does not say.
std::optional<OrderName> parse_order_name(std::string_view system, std::string_view text);

}  // namespace yeyak
