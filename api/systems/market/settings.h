// What an operator can set for the market.
#pragma once
#include <cstdint>

#include "server/config/config.h"

namespace yeyak::api {

struct MarketSettings {
    std::int64_t reservation_ttl_s = 1'800;  // unpaid reservations expire
    std::int64_t product_timeout_ms = 610;
    friend bool operator==(const MarketSettings&, const MarketSettings&) = default;
};

server::ConfigKeys market_settings();

}  // namespace yeyak::api
