#include "projections/library/loans.h"

#include "kernel/json_impl.h"
#include "projections/runner/view_builder.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::LoanRow)
}

namespace yeyak::projections {

void Loans::apply(Row& row, const library::BookReserved& e, Instant) {
    row = {e.id, e.user_id, e.user_name.text(), e.book, "reserved", {}};
}
void Loans::apply(Row& row, const library::FineCharged& e, Instant) {
    row.status = "fined";
    row.fine = e.fine;
}
void Loans::apply(Row& row, const library::FineSettled& e, Instant) {
    row.status = e.paid ? "settled" : "fined";
}

void add_library_views(Views& all) { all.push_back(std::make_unique<ViewOf<Loans>>()); }

}  // namespace yeyak::projections
