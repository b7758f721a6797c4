#include "aggregates/vaccination/system.h"

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/engine/policy_host.h"
#include "aggregates/engine/saga_host.h"
#include "aggregates/vaccination/appointment.h"
#include "aggregates/vaccination/booking.h"
#include "aggregates/vaccination/messages.h"
#include "aggregates/vaccination/reservation.h"
#include "aggregates/vaccination/slot.h"
#include "aggregates/vaccination/stock.h"
#include "aggregates/vaccination/user.h"

namespace yeyak::vaccination {

void install(Engine& engine) {
    engine.add(std::make_unique<AggregateHost<User>>(), {"user"});
    engine.add(std::make_unique<AggregateHost<Slot>>(), {"reservation"});
    engine.add(std::make_unique<AggregateHost<Reservation>>(), {"reservation"});
    engine.add(std::make_unique<AggregateHost<Appointment>>(), {"hospital"});
    engine.add(std::make_unique<AggregateHost<Stock>>(), {"vaccinestock"});
    engine.add(std::make_unique<SagaHost<Booking>>());
    engine.add_policy(std::make_unique<PolicyHost<Messages>>());
    engine.add_context("dashboard");
}

}  // namespace yeyak::vaccination
