#include "projections/registry.h"

#include <algorithm>

#include "projections/my_reservations/my_reservations.h"
#include "projections/payments/payments.h"
#include "projections/pre_reservations/pre_reservations.h"
#include "projections/receipts/receipts.h"

namespace yeyak::projections {

const std::vector<std::unique_ptr<View>>& all_views() {
    static const auto views = [] {
        std::vector<std::unique_ptr<View>> all;
        all.push_back(std::make_unique<ViewOf<PreReservations>>());
        all.push_back(std::make_unique<ViewOf<Payments>>());
        all.push_back(std::make_unique<ViewOf<Receipts>>());
        all.push_back(std::make_unique<ViewOf<MyReservations>>());
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
