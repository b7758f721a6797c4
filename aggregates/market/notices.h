// Tells buyers whenever their reservation or payment changes. Follows from the events alone, so
// that one change is one notification however often it is heard.
#pragma once
#include "aggregates/market/bill_contract.h"
#include "aggregates/market/reservation_contract.h"
#include "kernel/policy.h"

namespace yeyak::market {

struct Notices {
    static constexpr std::string_view name = "market.notices";
    static constexpr std::string_view context = "notice";
    using Sources = Contracts<ReservationContract, BillContract>;

    static std::vector<Send> react(const Reserved& e);
    static std::vector<Send> react(const ReservationCancelled& e);
    static std::vector<Send> react(const BillPaid& e);
};
static_assert(Policy<Notices>);

}  // namespace yeyak::market
