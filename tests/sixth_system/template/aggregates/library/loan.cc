#include "aggregates/library/loan.h"

#include <fmt/format.h>

#include "kernel/match.h"
#include "kernel/order_name.h"

namespace yeyak::library {
namespace {

// Of the attempt that a payment is named after; nothing for payments of other systems.
std::vector<Send> settle(std::string_view payment, bool paid) {
    const auto name = parse_order_name("library", payment);
    if (!name) return {};
    return {
        send<LoanContract>(std::to_string(name->id), SettleFine{name->id, name->attempt, paid})};
}

}  // namespace

std::vector<std::string> LoanContract::tags(const LoanEvent& event) {
    if (const auto* e = std::get_if<BookReserved>(&event))
        return {fmt::format("user:{}", e->user_id)};
    return {};
}

Decision<LoanEvent, LoanRejection> Loan::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const NoLoan&, const ReserveBook& c) { return accept(c.loan); },
        [](const NoLoan&, const auto&) { return refuse(Rejection::loan_not_found); },

        [](const Reserved&, const LendBook& c) { return accept(BookLent{c.id}); },
        [](const Reserved&, const auto&) { return refuse(Rejection::book_reserved); },

        [](const Lent&, const ChargeFine& c) { return accept(FineCharged{c.id, late_fee}); },
        [](const Lent&, const ReturnBook& c) { return accept(BookReturned{c.id}); },
        [](const Lent&, const auto&) { return refuse(Rejection::book_lent); },

        [](const Fined& s, const PayFine& c) {
            return accept(FinePaymentBegun{c.id, s.attempts + 1, s.fine, c.card_token});
        },
        [](const Fined&, const auto&) { return refuse(Rejection::fine_not_paid); },

        [](const Paying& s, const SettleFine& c) {
            return c.attempt == s.attempt ? accept(FineSettled{c.id, c.attempt, c.paid})
                                          : unchanged();
        },
        [](const Paying&, const auto&) { return refuse(Rejection::fine_being_paid); },

        [](const Settled&, const ReturnBook& c) { return accept(BookReturned{c.id}); },
        [](const Settled&, const auto&) { return refuse(Rejection::fine_paid); },

        [](const Returned&, const auto&) { return refuse(Rejection::book_returned); });
}

LoanState Loan::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const auto&, const BookReserved&) { return Reserved{}; },
        [](const auto&, const BookLent&) { return Lent{}; },
        [](const auto&, const FineCharged& e) { return Fined{e.fine}; },
        [](const auto&, const FinePaymentBegun& e) { return Paying{e.fine, e.attempt}; },
        [](const Paying& s, const FineSettled& e) -> State {
            return e.paid ? State{Settled{}} : State{Fined{s.fine, s.attempt}};
        },
        // In no other state can it happen.
        [](const AnyOf<NoLoan, Reserved, Lent, Fined, Settled, Returned> auto& s,
           const FineSettled&) { return s; },
        [](const auto&, const BookReturned&) { return Returned{}; });
}

std::vector<Send> Till::react(const FinePaymentBegun& e) {
    payment::PaymentRequested payment;
    payment.order = order_name("library", {e.id, e.attempt});
    payment.number = e.id;
    payment.price = e.fine;
    payment.card_token = e.card_token;
    payment.product_name = "fine";
    return {send<payment::Contract>(payment.order, payment::RequestPayment{payment})};
}
std::vector<Send> Till::react(const payment::PaymentCompleted& e) { return settle(e.order, true); }
std::vector<Send> Till::react(const payment::PaymentDeclined& e) { return settle(e.order, false); }
std::vector<Send> Till::react(const payment::PaymentFailed& e) { return settle(e.order, false); }

}  // namespace yeyak::library
