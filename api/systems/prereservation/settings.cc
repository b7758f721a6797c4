#include "api/systems/prereservation/settings.h"

#include "server/config/config_keys.h"

namespace yeyak::api {
namespace {

constexpr server::ConfigKey keys[] = {
    {"prereservation.delivery_days", "days from payment to the expected delivery",
     server::setting<&PrereservationSettings::delivery_days>, 0, 3'650},
    {"prereservation.max_per_user_product",
     "active reservations of one product a user may hold; 0: unlimited",
     server::setting<&PrereservationSettings::max_per_user_product>, 0, 1'000'000},
};

}  // namespace

server::ConfigKeys prereservation_settings() { return keys; }

}  // namespace yeyak::api
