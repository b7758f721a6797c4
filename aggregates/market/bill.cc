#include "aggregates/market/bill.h"

#include <fmt/format.h>

#include "kernel/match.h"
#include "kernel/order_name.h"

namespace yeyak::market {
namespace {

// Of a bill that is not closed.
template <class Known>
Decision<BillEvent, BillRejection> issued_again(const Known& s, const IssueBill& c) {
    return s.bill == c.bill ? Bill::unchanged() : Bill::refuse(BillRejection::payment_exists);
}

}  // namespace

std::string name_of(const Order& order) { return order_name("market", {order.id, order.attempt}); }

std::optional<Order> order_named(std::string_view name) {
    const auto parsed = parse_order_name("market", name);
    if (!parsed) return std::nullopt;
    return Order{parsed->id, parsed->attempt};
}

std::vector<std::string> BillContract::tags(const BillEvent& event) {
    const auto* e = std::get_if<BillIssued>(&event);
    if (!e) return {};
    std::vector<std::string> tags{fmt::format("product:{}", e->product_id)};
    if (e->customer_id) tags.push_back(fmt::format("user:{}", *e->customer_id));
    return tags;
}

Decision<BillEvent, BillRejection> Bill::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const NoBill&, const IssueBill& c) { return accept(c.bill); },
        [](const OpenBill& s, const IssueBill& c) { return issued_again(s, c); },
        [](const PayingBill& s, const IssueBill& c) { return issued_again(s, c); },
        [](const PaidBill& s, const IssueBill& c) { return issued_again(s, c); },
        [](const ClosedBill&, const IssueBill&) {
            return refuse(Rejection::reservation_cancelled);
        },

        [](const OpenBill& s, const PayBill& c) {
            if (c.now >= s.bill.expires_at) return refuse(Rejection::reservation_expired);
            return accept(BillPaymentRequested{c.id, s.attempts + 1, c.card_no, c.card_token});
        },
        [](const PayingBill&, const PayBill&) { return unchanged(); },
        [](const PaidBill&, const PayBill&) { return unchanged(); },
        [](const ClosedBill&, const PayBill&) { return refuse(Rejection::reservation_cancelled); },

        [](const PayingBill& s, const SettleBill& c) {
            if (s.attempt != c.attempt) return refuse(Rejection::payment_not_requested);
            const auto& b = s.bill;
            return accept(BillPaid{c.id, b.product_id, b.product_name, b.customer_id, c.attempt});
        },
        [](const PaidBill& s, const SettleBill& c) {
            return s.attempt == c.attempt ? unchanged() : refuse(Rejection::payment_not_requested);
        },
        [](const OpenBill&, const SettleBill&) { return refuse(Rejection::payment_not_requested); },
        [](const ClosedBill&, const SettleBill&) {
            return refuse(Rejection::reservation_cancelled);
        },

        [](const PayingBill& s, const ReopenBill& c) {
            if (s.attempt != c.attempt) return unchanged();
            return accept(BillReopened{c.id, c.attempt});
        },

        [](const OpenBill&, const CloseBill& c) { return accept(BillCancelled{c.id}); },
        [](const PayingBill&, const CloseBill& c) {
            if (c.refunded > Won{0}) return accept(BillRefunded{c.id, c.refunded});
            return accept(BillCancelled{c.id});
        },
        [](const PaidBill&, const CloseBill& c) { return accept(BillRefunded{c.id, c.refunded}); },

        [](const NoBill&, const auto&) { return refuse(Rejection::payment_not_found); },
        // Reopened or closed before.
        [](const AnyOf<OpenBill, PaidBill, ClosedBill> auto&, const ReopenBill&) {
            return unchanged();
        },
        [](const ClosedBill&, const CloseBill&) { return unchanged(); });
}

BillState Bill::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const auto&, const BillIssued& e) { return OpenBill{e}; },
        [](const OpenBill& s, const BillPaymentRequested& e) {
            return PayingBill{s.bill, e.attempt};
        },
        [](const PayingBill& s, const BillPaid&) { return PaidBill{s.bill, s.attempt}; },
        [](const PayingBill& s, const BillReopened&) { return OpenBill{s.bill, s.attempt}; },
        [](const auto&, const BillCancelled&) { return ClosedBill{}; },
        [](const auto&, const BillRefunded&) { return ClosedBill{}; },
        // In no other state can these three happen.
        [](const AnyOf<NoBill, PayingBill, PaidBill, ClosedBill> auto& s,
           const BillPaymentRequested&) { return s; },
        [](const AnyOf<NoBill, OpenBill, PaidBill, ClosedBill> auto& s,
           const AnyOf<BillPaid, BillReopened> auto&) { return s; });
}

}  // namespace yeyak::market
