#include "aggregates/market/bill.h"

#include <fmt/format.h>

#include <charconv>

#include "kernel/match.h"

namespace yeyak::market {
namespace {

constexpr std::string_view order_prefix = "market-";

// Reads a number off the front of the text.
bool take_number(std::string_view& text, std::int64_t& number) {
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc{} || number < 1) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

// Of a bill that is not closed.
template <class Known>
Decision<BillEvent, BillRejection> issued_again(const Known& s, const IssueBill& c) {
    return s.bill == c.bill ? Bill::unchanged() : Bill::refuse(BillRejection::payment_exists);
}

}  // namespace

std::string name_of(const Order& order) {
    if (order.attempt == 1) return fmt::format("{}{}", order_prefix, order.id);
    return fmt::format("{}{}-{}", order_prefix, order.id, order.attempt);
}

std::optional<Order> order_named(std::string_view name) {
    const auto whole = name;
    if (!name.starts_with(order_prefix)) return std::nullopt;
    name.remove_prefix(order_prefix.size());
    Order order;
    if (!take_number(name, order.id)) return std::nullopt;
    if (name.starts_with('-')) {
        name.remove_prefix(1);
        if (!take_number(name, order.attempt)) return std::nullopt;
    }
    if (name_of(order) != whole) return std::nullopt;
    return order;
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
