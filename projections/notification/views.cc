#include "projections/notification/views.h"

#include "projections/notification/notifications.h"
#include "projections/runner/view_builder.h"

namespace yeyak::projections {

void add_notification_views(Views& all) {
    all.push_back(std::make_unique<ViewOf<Notifications>>());
}

}  // namespace yeyak::projections
