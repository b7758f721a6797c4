#include "projections/shared_views.h"

#include "projections/notification/notifications.h"
#include "projections/owners/owners.h"
#include "projections/runner/view_builder.h"
#include "projections/sagas/sagas.h"

namespace yeyak::projections {

void add_shared_views(Views& all) {
    all.push_back(std::make_unique<ViewOf<Sagas>>());
    all.push_back(std::make_unique<ViewOf<Notifications>>());
    all.push_back(std::make_unique<ViewOf<Owners>>());
}

}  // namespace yeyak::projections
