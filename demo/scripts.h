// The scripts of the systems, each in a file of its own, and the contexts that an outage may stop.
#pragma once
#include "demo/script.h"

namespace yeyak::demo {

Task<void> visit_prereservation(User& user);
Task<void> visit_vaccination(User& user);
Task<void> visit_market(User& user);
Task<void> visit_repairshop(User& user);
Task<void> visit_phoneshop(User& user);

inline constexpr std::string_view prereservation_contexts[] = {"prereservation", "payment",
                                                               "receipt", "myreservation"};
inline constexpr std::string_view vaccination_contexts[] = {"user", "reservation", "hospital",
                                                            "vaccinestock", "dashboard"};
inline constexpr std::string_view market_contexts[] = {"product", "market.reservation",
                                                       "market.payment", "mypage"};
inline constexpr std::string_view repairshop_contexts[] = {
    "repairshop.receipt", "repair", "repairshop.payment", "delivery", "display"};
inline constexpr std::string_view phoneshop_contexts[] = {"app", "pay", "store", "customer"};

}  // namespace yeyak::demo
