// What each event does to a row of the market's views.
#include <gtest/gtest.h>

#include "projections/market/my_pages.h"
#include "projections/market/payments.h"
#include "projections/market/products.h"
#include "projections/market/reservations.h"
#include "tests/aggregates/market_samples.h"
#include "tests/scenario.h"

namespace yeyak::projections {
namespace {

using namespace tests;
using namespace market;

const ProductReserved held{3, 17};
const ProductSold sold{3, 17};
const ProductReleased released{3, 17};
const ReservationCancelled cancelled = coffee_cancelled();
const BillPaid paid = coffee_paid();
const BillReopened reopened{17, 1};
const BillCancelled closed{17};
const BillRefunded refunded{17, coffee_price};
const std::string masked = "1234-1234-****-1234";

// --- products ---------------------------------------------------------------------------------

MarketProductRow product(std::string status, int last) {
    return {3, "Coffee", std::move(status), coffee_price, 9, at(0), at(last)};
}
TEST(MarketProductsView, a_product_goes_from_01_over_02_to_sold_out_PRD_A1_PRD_A3_PRD_A6) {
    given<MarketProducts>(coffee()).then(product("01", 0));
    given<MarketProducts>(coffee(), held).then(product("02", 1));
    given<MarketProducts>(coffee(), held, sold).then(product("soldOut", 2));
}
TEST(MarketProductsView, a_released_product_is_01_again_PRD_A8) {
    given<MarketProducts>(coffee(), held, released).then(product("01", 2));
    given<MarketProducts>(coffee(), held, sold, released).then(product("01", 3));
}
TEST(MarketProductsView, an_edit_leaves_the_status) {
    auto expected = product("02", 2);
    expected.product_name = "Tea";
    expected.price = Won{5};
    given<MarketProducts>(coffee(), held, ProductEdited{3, "Tea", Won{5}}).then(expected);
}
TEST(MarketProductsView, is_found_by_status_and_seller) {
    EXPECT_EQ(MarketProducts::indexes(product("01", 0)),
              (std::vector<IndexValue>{{"productStatus", "01"}, {"sellerId", "9"}}));
    auto nobodys = product("02", 0);
    nobodys.seller_id.reset();
    EXPECT_EQ(MarketProducts::indexes(nobodys), (std::vector<IndexValue>{{"productStatus", "02"}}));
}

// --- reservations -----------------------------------------------------------------------------

TEST(MarketReservationsView, a_reservation_is_01_and_reserved_PRD_A2) {
    const MarketReservationRow row{17, "01",    3,  "Reserved", "Coffee", coffee_price,
                                   1,  closing, {}, at(0),      at(0)};
    given<MarketReservations>(coffee_reserved()).then(row);
    EXPECT_EQ(MarketReservations::indexes(row),
              (std::vector<IndexValue>{{"productId", "3"}, {"customerId", "1"}}));
}
TEST(MarketReservationsView, a_cancelled_one_stays_as_02_and_cancled_PRD_A7) {
    const MarketReservationRow row{17, "02",    3,         "Cancled", "Coffee", coffee_price,
                                   1,  closing, "expired", at(0),     at(1)};
    given<MarketReservations>(coffee_reserved(), coffee_cancelled(CancelReason::expired)).then(row);
    EXPECT_FALSE(MarketReservations::cancelled(row));
}

// --- payments ---------------------------------------------------------------------------------

MarketPaymentRow payment(std::string status, int last) {
    return {17,     17, 3, std::move(status), {},    coffee_price,
            Won{0}, "", 1, closing,           at(0), at(last)};
}
TEST(MarketPaymentsView, a_bill_is_unpaid_until_it_is_paid_PRD_A4_PRD_A5_PRD_X6) {
    given<MarketPayments>(coffee_bill()).then(payment("01", 0));
    auto asked = payment("01", 1);
    asked.card_no = masked;
    given<MarketPayments>(coffee_bill(), coffee_attempt()).then(asked);
    auto again = asked;
    again.modified_at = at(2);
    given<MarketPayments>(coffee_bill(), coffee_attempt(), reopened).then(again);
    auto done = asked;
    done.payment_status = "02";
    done.type = "paid";
    done.modified_at = at(2);
    given<MarketPayments>(coffee_bill(), coffee_attempt(), paid).then(done);
    EXPECT_EQ(MarketPayments::indexes(done),
              (std::vector<IndexValue>{{"paymentStatus", "02"}, {"customerId", "1"}}));
}
TEST(MarketPaymentsView, a_cancelled_bill_is_03_and_a_refunded_one_04_PRD_X4) {
    given<MarketPayments>(coffee_bill(), closed).then(payment("03", 1));
    auto expected = payment("04", 3);
    expected.type = "paid";
    expected.card_no = masked;
    expected.refunded = coffee_price;
    given<MarketPayments>(coffee_bill(), coffee_attempt(), paid, refunded).then(expected);
}
TEST(MarketPaymentsView, no_row_holds_a_token_of_a_card) {
    const auto row = given<MarketPayments>(coffee_bill(), coffee_attempt()).row();
    EXPECT_EQ(to_json(row).find("tok-1"), std::string::npos);
}

// --- myPages ----------------------------------------------------------------------------------

MarketMyPageRow my_page(std::string reservation, std::string payment_status, int last) {
    MarketMyPageRow row;
    row.id = row.reservation_id = 17;
    row.product_id = 3;
    if (!payment_status.empty()) row.payment_id = 17;
    row.product_name = "Coffee";
    row.reservation_status = std::move(reservation);
    row.payment_status = std::move(payment_status);
    row.price = coffee_price;
    row.customer_id = 1;
    row.created_at = at(0);
    row.modified_at = at(last);
    return row;
}
TEST(MarketMyPagesView, joins_reservation_and_payment_PRD_A9_PRD_F9_PRD_X8) {
    given<MarketMyPages>(coffee_reserved()).then(my_page("01", "", 0));
    given<MarketMyPages>(coffee_reserved(), coffee_bill()).then(my_page("01", "01", 1));
    given<MarketMyPages>(coffee_reserved(), coffee_bill(), coffee_attempt(), paid)
        .then(my_page("01", "02", 3));
    auto undone = my_page("02", "03", 3);
    undone.cancel_reason = "user_request";
    given<MarketMyPages>(coffee_reserved(), coffee_bill(), cancelled, closed).then(undone);
    auto refund = my_page("02", "04", 5);
    refund.cancel_reason = "user_request";
    given<MarketMyPages>(coffee_reserved(), coffee_bill(), coffee_attempt(), paid, cancelled,
                         refunded)
        .then(refund);
    EXPECT_EQ(MarketMyPages::indexes(refund), (std::vector<IndexValue>{{"customerId", "1"}}));
}
TEST(MarketMyPagesView, what_comes_late_takes_nothing_back) {
    auto expected = my_page("02", "04", 5);
    expected.cancel_reason = "user_request";
    expected.created_at = at(5);
    given<MarketMyPages>(coffee_bill(), coffee_attempt(), paid, cancelled, refunded,
                         coffee_reserved())
        .then(expected);
    auto reopened_late = my_page("02", "03", 4);
    reopened_late.cancel_reason = "user_request";
    given<MarketMyPages>(coffee_reserved(), coffee_bill(), cancelled, closed, reopened)
        .then(reopened_late);
}

}  // namespace
}  // namespace yeyak::projections
