#include "projections/vaccination/views.h"

#include "projections/runner/view_builder.h"
#include "projections/vaccination/dashboard.h"
#include "projections/vaccination/hospitals.h"
#include "projections/vaccination/reservations.h"
#include "projections/vaccination/slots.h"
#include "projections/vaccination/stocks.h"
#include "projections/vaccination/users.h"

namespace yeyak::projections {

void add_vaccination_views(Views& all) {
    all.push_back(std::make_unique<ViewOf<VaccinationUsers>>());
    all.push_back(std::make_unique<ViewOf<Slots>>());
    all.push_back(std::make_unique<ViewOf<VaccineReservations>>());
    all.push_back(std::make_unique<ViewOf<Hospitals>>());
    all.push_back(std::make_unique<ViewOf<StockMovements>>());
    all.push_back(std::make_unique<ViewOf<Supplies>>());
    all.push_back(std::make_unique<ViewOf<VaccinationDashboard>>());
}

}  // namespace yeyak::projections
