// What an operator can set for smartphone pre-reservation.
#pragma once
#include <cstdint>

#include "server/config/config.h"

namespace yeyak::api {

struct PrereservationSettings {
    std::int64_t delivery_days = 21;
    std::int64_t max_per_user_product = 0;  // 0: unlimited
    friend bool operator==(const PrereservationSettings&, const PrereservationSettings&) = default;
};

server::ConfigKeys prereservation_settings();

}  // namespace yeyak::api
