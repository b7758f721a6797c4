#include "projections/phoneshop/views.h"

#include "projections/phoneshop/customers.h"
#include "projections/phoneshop/orders.h"
#include "projections/phoneshop/payments.h"
#include "projections/phoneshop/store_manages.h"
#include "projections/runner/view_builder.h"

namespace yeyak::projections {

void add_phoneshop_views(Views& all) {
    all.push_back(std::make_unique<ViewOf<PhoneOrders>>());
    all.push_back(std::make_unique<ViewOf<PhonePayments>>());
    all.push_back(std::make_unique<ViewOf<StoreManages>>());
    all.push_back(std::make_unique<ViewOf<PhoneCustomers>>());
}

}  // namespace yeyak::projections
