// The laws of laws_test.cc, for the deciders of the market.
#include <gtest/gtest.h>

#include "aggregates/market/bill.h"
#include "aggregates/market/product.h"
#include "aggregates/market/reservation.h"
#include "tests/aggregates/laws.h"
#include "tests/aggregates/market_samples.h"

namespace yeyak::tests {
namespace {

using namespace market;

const std::vector<ProductCommand> product_commands{
    RegisterProduct{coffee()}, EditProduct{3, "Tea", {}},       EditProduct{3, {}, Won{1}},
    EditProduct{3, {}, {}},    ReserveProduct{3, 17},           ReserveProduct{3, 18},
    ReleaseProduct{3, 17},     ReleaseProduct{3, 18},           SellProduct{3, 17},
    SellProduct{3, 18},        RegisterProduct{{3, "", {}, {}}}};
const std::vector<ReservationCommand> reservation_commands{
    Reserve{coffee_reserved()}, CancelReservation{17, CancelReason::user_request},
    CancelReservation{17, CancelReason::expired}};
const std::vector<BillCommand> bill_commands{IssueBill{coffee_bill()},
                                             PayBill{17, {}, {}, opening},
                                             PayBill{17, sealed("1"), card_token("2"), closing},
                                             SettleBill{17, 1},
                                             SettleBill{17, 2},
                                             ReopenBill{17, 1},
                                             ReopenBill{17, 2},
                                             CloseBill{17, Won{0}},
                                             CloseBill{17, coffee_price}};

RC_GTEST_PROP(MarketLaws, a_product_is_held_by_one_reservation_at_a_time, ()) {
    std::optional<std::int64_t> holder;
    bool sold = false;
    live<Product>(product_commands, [&](const auto&, const auto&, const ProductEvent& event) {
        if (const auto* e = std::get_if<ProductReserved>(&event)) {
            RC_ASSERT(!holder && !sold);
            holder = e->reservation_id;
        } else if (const auto* sale = std::get_if<ProductSold>(&event)) {
            RC_ASSERT(holder == sale->reservation_id && !sold);
            sold = true;
        } else if (const auto* release = std::get_if<ProductReleased>(&event)) {
            RC_ASSERT(holder == release->reservation_id);
            holder.reset();
            sold = false;
        }
    });
}
RC_GTEST_PROP(MarketLaws, a_reservation_is_cancelled_once, ()) {
    const auto history = live<Reservation>(reservation_commands, [](const auto&...) {});
    RC_ASSERT(count<ReservationCancelled>(history) <= count<Reserved>(history));
    RC_ASSERT(count<Reserved>(history) <= 1);
}
RC_GTEST_PROP(MarketLaws, a_bill_is_paid_once_and_its_attempts_are_counted, ()) {
    std::int64_t attempts = 0;
    const auto history =
        live<Bill>(bill_commands, [&](const auto& before, const auto&, const BillEvent& event) {
            RC_ASSERT(!std::holds_alternative<ClosedBill>(before));
            if (const auto* e = std::get_if<BillPaymentRequested>(&event))
                RC_ASSERT(e->attempt == ++attempts);
            if (const auto* e = std::get_if<BillPaid>(&event)) RC_ASSERT(e->attempt == attempts);
        });
    RC_ASSERT(count<BillPaid>(history) <= 1);
    RC_ASSERT(count<BillCancelled>(history) + count<BillRefunded>(history) <= 1);
}
RC_GTEST_PROP(MarketLaws, evolve_is_total, ()) {
    total<Product>({coffee(), ProductEdited{3, "Tea", {}}, ProductReserved{3, 17},
                    ProductReleased{3, 17}, ProductSold{3, 17}});
    total<Reservation>({coffee_reserved(), coffee_cancelled(CancelReason::expired)});
    total<Bill>({coffee_bill(), coffee_attempt(), coffee_paid(), BillReopened{17, 1},
                 BillCancelled{17}, BillRefunded{17, coffee_price}});
}

}  // namespace
}  // namespace yeyak::tests
