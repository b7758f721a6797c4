#include "projections/prereservation/views.h"

#include "projections/prereservation/my_reservations.h"
#include "projections/prereservation/payments.h"
#include "projections/prereservation/pre_reservations.h"
#include "projections/prereservation/receipts.h"
#include "projections/runner/view_builder.h"

namespace yeyak::projections {

void add_prereservation_views(Views& all) {
    all.push_back(std::make_unique<ViewOf<PreReservations>>());
    all.push_back(std::make_unique<ViewOf<Payments>>());
    all.push_back(std::make_unique<ViewOf<Receipts>>());
    all.push_back(std::make_unique<ViewOf<MyReservations>>());
}

}  // namespace yeyak::projections
