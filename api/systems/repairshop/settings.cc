#include "api/systems/repairshop/settings.h"

#include "server/config/config_keys.h"

namespace yeyak::api {
namespace {

constexpr server::ConfigKey keys[] = {
    {"delivery.mode", "repair shop: sync refuses a delivery that cannot begin, async accepts it",
     server::setting<&RepairshopSettings::mode>, 0, 0, server::refuse_other_than<"sync", "async">},
    {"delivery.requires_payment", "repair shop: only what is paid is delivered",
     server::setting<&RepairshopSettings::requires_payment>},
    {"delivery.timeout_ms", "repair shop: time for the delivery context to answer",
     server::setting<&RepairshopSettings::timeout_ms>, 1, 60'000},
};

}  // namespace

server::ConfigKeys repairshop_settings() { return keys; }

}  // namespace yeyak::api
