#include "api/systems/market/settings.h"

#include "server/config/config_keys.h"

namespace yeyak::api {
namespace {

constexpr server::ConfigKey keys[] = {
    {"market.reservation_ttl_s", "seconds after which an unpaid reservation expires",
     server::setting<&MarketSettings::reservation_ttl_s>, 1, 31'536'000},
    {"market.product_timeout_ms", "time for the product context to answer",
     server::setting<&MarketSettings::product_timeout_ms>, 1, 60'000},
};

}  // namespace

server::ConfigKeys market_settings() { return keys; }

}  // namespace yeyak::api
