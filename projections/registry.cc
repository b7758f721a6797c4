#include "projections/registry.h"

#include <algorithm>

#include "projections/market/views.h"
#include "projections/notification/views.h"
#include "projections/phoneshop/views.h"
#include "projections/prereservation/views.h"
#include "projections/repairshop/views.h"
#include "projections/runner/view_builder.h"
#include "projections/sagas/sagas.h"
#include "projections/vaccination/views.h"

namespace yeyak::projections {

const Views& all_views() {
    static const auto views = [] {
        Views all;
        all.push_back(std::make_unique<ViewOf<Sagas>>());
        add_prereservation_views(all);
        add_vaccination_views(all);
        add_market_views(all);
        add_repairshop_views(all);
        add_phoneshop_views(all);
        add_notification_views(all);
        return all;
    }();
    return views;
}

const View* find_view(std::string_view name) {
    const auto found =
        std::ranges::find(all_views(), name, [](const auto& v) { return v->name(); });
    return found == all_views().end() ? nullptr : found->get();
}

}  // namespace yeyak::projections
