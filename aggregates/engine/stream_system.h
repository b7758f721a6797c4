// Which business system a stream belongs to. A function of its name alone.
#pragma once
#include <string_view>

namespace yeyak {

// "prereservation" of its own streams and of "payment.payment-prereservation-17": payments and
// notifications belong to the system that asked for them. What stands before the first '.' or '-'
// of other names.
std::string_view system_of(std::string_view stream);

}  // namespace yeyak
