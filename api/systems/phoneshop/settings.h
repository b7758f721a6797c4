// What an operator can set for the phone shop.
#pragma once
#include <cstdint>

#include "server/config/config.h"

namespace yeyak::api {

struct PhoneshopSettings {
    std::int64_t payment_timeout_ms = 610;
    std::int64_t shipping_delay_ms = 500;  // from payment to shipping
    friend bool operator==(const PhoneshopSettings&, const PhoneshopSettings&) = default;
};

server::ConfigKeys phoneshop_settings();

}  // namespace yeyak::api
