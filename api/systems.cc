#include "api/systems.h"

#include <algorithm>

#include "aggregates/prereservation/system.h"
#include "api/routes/prereservation.h"

namespace yeyak::api {

std::span<const System> systems() {
    static constexpr System all[] = {
        {"prereservation", "payment", &prereservation::install, &add_prereservation_routes},
    };
    return all;
}

const System* find_system(std::string_view name) {
    const auto found = std::ranges::find(systems(), name, &System::name);
    return found == systems().end() ? nullptr : &*found;
}

}  // namespace yeyak::api
