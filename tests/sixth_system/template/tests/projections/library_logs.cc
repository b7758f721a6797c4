// Loans of the library: reserved, lent, fined and paid at the second attempt, returned.
#include "aggregates/library/contract.h"
#include "tests/kept.h"
#include "tests/projections/logs.h"

namespace yeyak::tests {
namespace {

using namespace library;

std::vector<Log> make_streams(std::mt19937_64& random, int count) {
    std::vector<Log> streams;
    for (std::int64_t id = 1; id <= count; ++id) {
        const auto fate = random() % 4;
        StreamOf<LoanContract> loan{std::to_string(id), some_time(random)};
        loan.add(BookReserved{id, 1 + id % 3, sealed("Jieun Lee"), "Pachinko"});
        if (fate >= 1) loan.add(BookLent{id});
        if (fate >= 2) {
            loan.add(FineCharged{id, Won{3'000}});
            loan.add(FinePaymentBegun{id, 1, Won{3'000}, card_token("tok-1")});
            loan.add(FineSettled{id, 1, false});
            loan.add(FinePaymentBegun{id, 2, Won{3'000}, card_token("tok-1")});
            loan.add(FineSettled{id, 2, true});
        }
        if (fate == 3) loan.add(BookReturned{id});
        collect(streams, loan);
    }
    return streams;
}

const StreamsOf streams{"library", &make_streams};

}  // namespace
}  // namespace yeyak::tests
