// One bill:  (nothing) ─▶ Open (01) ◀─▶ Paying ─▶ Paid (02)
//                           └──────▶ Closed ◀──────┘   03 cancelled, or 04 refunded
// A payment that is declined or fails leaves the bill open, so that the buyer can try again.
#pragma once
#include "aggregates/market/bill_contract.h"
#include "kernel/decider.h"

namespace yeyak::market {

struct NoBill {};
struct OpenBill {
    BillIssued bill;
    std::int64_t attempts = 0;  // made so far
};
struct PayingBill {
    BillIssued bill;
    std::int64_t attempt = 0;
};
struct PaidBill {
    BillIssued bill;
    std::int64_t attempt = 0;
};
struct ClosedBill {};
using BillState = std::variant<NoBill, OpenBill, PayingBill, PaidBill, ClosedBill>;

// The codes that clients see speak of payments and reservations, as their requests do.
enum class BillRejection {
    payment_not_found,
    payment_exists,
    payment_not_requested,
    reservation_expired,
    reservation_cancelled
};
BOOST_DESCRIBE_ENUM(BillRejection, payment_not_found, payment_exists, payment_not_requested,
                    reservation_expired, reservation_cancelled)

struct Bill : BillContract, Answers<BillEvent, BillRejection> {
    using State = BillState;
    using Command = BillCommand;
    using Event = BillEvent;
    using Rejection = BillRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Bill>);

}  // namespace yeyak::market
