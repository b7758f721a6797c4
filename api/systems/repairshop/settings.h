// What an operator can set for the repair shop.
#pragma once
#include <cstdint>
#include <string>

#include "server/config/config.h"

namespace yeyak::api {

struct RepairshopSettings {
    std::string mode = "sync";  // or async
    bool requires_payment = false;
    std::int64_t timeout_ms = 2'000;
    friend bool operator==(const RepairshopSettings&, const RepairshopSettings&) = default;
};

server::ConfigKeys repairshop_settings();

}  // namespace yeyak::api
