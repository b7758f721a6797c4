#include "api/systems/phoneshop/settings.h"

#include "server/config/config_keys.h"

namespace yeyak::api {
namespace {

constexpr server::ConfigKey keys[] = {
    {"phoneshop.payment_timeout_ms", "time for the payment provider to answer",
     server::setting<&PhoneshopSettings::payment_timeout_ms>, 1, 60'000},
    {"phoneshop.shipping_delay_ms", "from payment until the store ships",
     server::setting<&PhoneshopSettings::shipping_delay_ms>, 0, 365 * server::day_ms},
};

}  // namespace

server::ConfigKeys phoneshop_settings() { return keys; }

}  // namespace yeyak::api
