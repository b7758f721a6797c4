#include "projections/market/views.h"

#include "projections/market/my_pages.h"
#include "projections/market/payments.h"
#include "projections/market/products.h"
#include "projections/market/reservations.h"
#include "projections/runner/view_builder.h"

namespace yeyak::projections {

void add_market_views(Views& all) {
    all.push_back(std::make_unique<ViewOf<MarketProducts>>());
    all.push_back(std::make_unique<ViewOf<MarketReservations>>());
    all.push_back(std::make_unique<ViewOf<MarketPayments>>());
    all.push_back(std::make_unique<ViewOf<MarketMyPages>>());
}

}  // namespace yeyak::projections
