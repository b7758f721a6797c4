// One loan, and who pays for being late:
//
//   (nothing) ─▶ Reserved ─▶ Lent ───────────────▶ Returned
//                             └─▶ Fined ⇄ Paying ─▶ Settled ─▶ Returned
#pragma once
#include "aggregates/engine/engine.h"
#include "aggregates/library/contract.h"
#include "aggregates/payment/contract.h"
#include "kernel/decider.h"
#include "kernel/policy.h"

namespace yeyak::library {

// What it costs to be late, whatever the book.
inline constexpr Won late_fee{3'000};

struct NoLoan {};
struct Reserved {};
struct Lent {};
struct Fined {
    Won fine;
    std::int64_t attempts = 0;  // to pay it, which took no money
};
struct Paying {
    Won fine;
    std::int64_t attempt = 0;
};
struct Settled {};
struct Returned {};
using LoanState = std::variant<NoLoan, Reserved, Lent, Fined, Paying, Settled, Returned>;

// What is not possible is refused with how the loan stands.
BOOST_DEFINE_ENUM_CLASS(LoanRejection, loan_not_found, book_reserved, book_lent, fine_not_paid,
                        fine_being_paid, fine_paid, book_returned)

struct Loan : LoanContract, Answers<LoanEvent, LoanRejection> {
    using State = LoanState;
    using Rejection = LoanRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};

// Takes fines to the payment desk, and back what became of them. An unknown outcome is not heard:
// the desk finds out, meanwhile it is paying.
struct Till {
    static constexpr std::string_view name = "library.till";
    static constexpr std::string_view context = "library";
    using Sources = Contracts<LoanContract, payment::Contract>;

    static std::vector<Send> react(const FinePaymentBegun& e);
    static std::vector<Send> react(const payment::PaymentCompleted& e);
    static std::vector<Send> react(const payment::PaymentDeclined& e);
    static std::vector<Send> react(const payment::PaymentFailed& e);
};

void install(Engine& engine);

}  // namespace yeyak::library
