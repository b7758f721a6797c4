// What an operator can set for vaccination.
#pragma once
#include <cstdint>
#include <string>

#include "server/config/config.h"

namespace yeyak::api {

struct VaccinationSettings {
    std::int64_t daily_capacity = 100;
    std::string types = "Pfizer,Moderna,Janssen,AstraZeneca";
    std::int64_t initial_stock = 1'000;  // of each type
    std::int64_t date_timeout_ms = 810;
    std::string dates_fallback = "error";  // or empty: 200 without dates
    bool demonstration = false;            // health can be forced down, time be spent
    std::string no_show = "end_of_day";    // or hospital: nobody else says that a user did not come
    friend bool operator==(const VaccinationSettings&, const VaccinationSettings&) = default;
};

server::ConfigKeys vaccination_settings();

}  // namespace yeyak::api
