#include "aggregates/notification/system.h"

#include "aggregates/notification/notification.h"

namespace yeyak::notification {

void install(Engine& engine) {
    engine.add(std::make_unique<AggregateHost<Notification>>(), {"notification", "notice"});
}

}  // namespace yeyak::notification
