// The views of the notification context, which systems share.
#pragma once
#include "projections/runner/projector.h"

namespace yeyak::projections {

void add_notification_views(Views& all);

}  // namespace yeyak::projections
