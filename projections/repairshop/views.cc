#include "projections/repairshop/views.h"

#include "projections/repairshop/deliveries.h"
#include "projections/repairshop/displays.h"
#include "projections/repairshop/intakes.h"
#include "projections/repairshop/payments.h"
#include "projections/repairshop/repairs.h"
#include "projections/runner/view_builder.h"

namespace yeyak::projections {

void add_repairshop_views(Views& all) {
    all.push_back(std::make_unique<ViewOf<RepairshopIntakes>>());
    all.push_back(std::make_unique<ViewOf<Repairs>>());
    all.push_back(std::make_unique<ViewOf<RepairshopPayments>>());
    all.push_back(std::make_unique<ViewOf<Deliveries>>());
    all.push_back(std::make_unique<ViewOf<Displays>>());
}

}  // namespace yeyak::projections
