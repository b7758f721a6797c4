// Every loan and how it stands: GET /library/loans.
#pragma once
#include "aggregates/library/contract.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct LoanRow {
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::string user_name;
    std::string book;
    std::string status;  // reserved, lent, fined, paying, settled, returned
    std::optional<Won> fine;
};
BOOST_DESCRIBE_STRUCT(LoanRow, (), (id, user_id, user_name, book, status, fine))

struct Loans {
    static constexpr std::string_view name = "library.loans";
    static constexpr std::string_view context = "catalogue";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "library.loan"};
    using Sources = Contracts<library::LoanContract>;
    using Row = LoanRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const library::BookReserved& e, Instant);
    static void apply(Row& row, const library::BookLent&, Instant) { row.status = "lent"; }
    static void apply(Row& row, const library::FineCharged& e, Instant);
    static void apply(Row& row, const library::FinePaymentBegun&, Instant) {
        row.status = "paying";
    }
    static void apply(Row& row, const library::FineSettled& e, Instant);
    static void apply(Row& row, const library::BookReturned&, Instant) { row.status = "returned"; }
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row) { return {{"status", row.status}}; }
};

void add_library_views(Views& all);

}  // namespace yeyak::projections
