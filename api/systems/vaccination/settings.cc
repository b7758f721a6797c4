#include "api/systems/vaccination/settings.h"

#include <algorithm>
#include <ranges>
#include <set>

#include "server/config/config_keys.h"

namespace yeyak::api {
namespace {

// Each is the name of a stream, too.
std::optional<server::Reason> refuse_vaccines(std::string_view text) {
    std::set<std::string_view> names;
    for (const auto part : std::views::split(text, ',')) {
        const std::string_view name{part};
        const bool plain = std::ranges::all_of(name, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        });
        if (!plain || name.empty() || name.size() > 40 || !names.insert(name).second)
            return "must be different names of letters and digits, with commas between them";
    }
    if (names.size() > 12) return "must be 12 names at most";
    return std::nullopt;
}

constexpr server::ConfigKey keys[] = {
    {"vaccination.daily_capacity", "reservations that one day takes",
     server::setting<&VaccinationSettings::daily_capacity>, 0, 10'000},
    {"vaccination.types", "kinds of vaccine, with commas between them",
     server::setting<&VaccinationSettings::types>, 0, 0, refuse_vaccines, false, "VACCINE_TYPE"},
    {"vaccination.initial_stock", "doses of each kind when it is first known",
     server::setting<&VaccinationSettings::initial_stock>, 0, 1'000'000'000},
    {"vaccination.date_timeout_ms", "time for the look-up of free dates",
     server::setting<&VaccinationSettings::date_timeout_ms>, 1, 60'000},
    {"vaccination.dates_fallback",
     "when dates cannot be looked up: error (503) or empty (200 without dates)",
     server::setting<&VaccinationSettings::dates_fallback>, 0, 0,
     server::refuse_other_than<"error", "empty">},
    {"vaccination.demonstration",
     "serve the switches of demonstrations: a health that is forced down, a request that costs "
     "time",
     server::setting<&VaccinationSettings::demonstration>},
    {"vaccination.no_show",
     "who says that a user did not come: end_of_day (as soon as the day is over, and the hospital "
     "before) or hospital (nobody else)",
     server::setting<&VaccinationSettings::no_show>, 0, 0,
     server::refuse_other_than<"end_of_day", "hospital">},
};

}  // namespace

server::ConfigKeys vaccination_settings() { return keys; }

}  // namespace yeyak::api
