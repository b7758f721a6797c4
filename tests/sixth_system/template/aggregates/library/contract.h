// The published language of loans: a book is reserved, lent and returned; who is late is fined, and
// returns the book once the fine is paid.
#pragma once
#include <boost/describe.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"
#include "kernel/sealed.h"

namespace yeyak::library {

// --- events -----------------------------------------------------------------------------------

struct BookReserved {
    static constexpr std::string_view type = "library.book_reserved.v1";
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    Sealed user_name;
    std::string book;
};
BOOST_DESCRIBE_STRUCT(BookReserved, (), (id, user_id, user_name, book))

struct BookLent {
    static constexpr std::string_view type = "library.book_lent.v1";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(BookLent, (), (id))

struct FineCharged {
    static constexpr std::string_view type = "library.fine_charged.v1";
    std::int64_t id = 0;
    Won fine;
};
BOOST_DESCRIBE_STRUCT(FineCharged, (), (id, fine))

struct FinePaymentBegun {
    static constexpr std::string_view type = "library.fine_payment_begun.v1";
    std::int64_t id = 0;
    std::int64_t attempt = 0;  // 1, 2, 3 …
    Won fine;
    CardToken card_token;
};
BOOST_DESCRIBE_STRUCT(FinePaymentBegun, (), (id, attempt, fine, card_token))

// What became of an attempt. One that took no money can be followed by another.
struct FineSettled {
    static constexpr std::string_view type = "library.fine_settled.v1";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    bool paid = false;
};
BOOST_DESCRIBE_STRUCT(FineSettled, (), (id, attempt, paid))

struct BookReturned {
    static constexpr std::string_view type = "library.book_returned.v1";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(BookReturned, (), (id))

using LoanEvent =
    std::variant<BookReserved, BookLent, FineCharged, FinePaymentBegun, FineSettled, BookReturned>;

// --- commands ---------------------------------------------------------------------------------

struct ReserveBook {
    static constexpr std::string_view type = "library.reserve_book";
    BookReserved loan;
};
BOOST_DESCRIBE_STRUCT(ReserveBook, (), (loan))

struct LendBook {
    static constexpr std::string_view type = "library.lend_book";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(LendBook, (), (id))

struct ChargeFine {
    static constexpr std::string_view type = "library.charge_fine";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(ChargeFine, (), (id))

struct PayFine {
    static constexpr std::string_view type = "library.pay_fine";
    std::int64_t id = 0;
    CardToken card_token;
};
BOOST_DESCRIBE_STRUCT(PayFine, (), (id, card_token))

struct SettleFine {
    static constexpr std::string_view type = "library.settle_fine";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    bool paid = false;
};
BOOST_DESCRIBE_STRUCT(SettleFine, (), (id, attempt, paid))

struct ReturnBook {
    static constexpr std::string_view type = "library.return_book";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(ReturnBook, (), (id))

using LoanCommand =
    std::variant<ReserveBook, LendBook, ChargeFine, PayFine, SettleFine, ReturnBook>;

struct LoanContract {
    static constexpr std::string_view category = "library.loan";
    static std::string_view context(std::string_view) { return "library"; }
    static std::vector<std::string> tags(const LoanEvent& event);
    using Command = LoanCommand;
    using Event = LoanEvent;
};

}  // namespace yeyak::library
