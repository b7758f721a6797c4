// What each event does to a row of the phone shop, view by view; and that the customer centre's
// rows do not depend on who is heard first.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>

#include "projections/phoneshop/customers.h"
#include "projections/phoneshop/orders.h"
#include "projections/phoneshop/payments.h"
#include "projections/phoneshop/store_manages.h"
#include "tests/aggregates/phoneshop_samples.h"
#include "tests/scenario.h"

namespace yeyak::projections {
namespace {

using namespace tests;
using namespace tests::phones;
using namespace payment;
using namespace phoneshop;

const OrderPaid was_paid{17, noon};
const OrderShipped was_shipped{17};
const OrderCancelled was_cancelled{17};
const OrderPayCancelled was_refunded{17};
const OrderRejected was_rejected{17, RejectReason::payment_declined};
const ParcelPacked was_packed{17};
const StoreOrderStopped was_stopped{17};
const PaymentDeclined declined{payment_name, "limit"};
const PaymentFailed failed{payment_name, "closed"};
const PaymentOutcomeUnknown unknown{payment_name, "timeout", 1, noon};
const PaymentOutcomeAsked asked{payment_name, 1};
const PaymentCancellationRequested cancelling{payment_name, "user_request"};
const RefundPostponed postponed{payment_name, "timeout", 1, noon};
const RefundRetried retried{payment_name, 1};

// --- orders -----------------------------------------------------------------------------------

template <class... E>
std::string order_status(const E&... events) {
    return given<PhoneOrders>(placed(), events...).row().status;
}
TEST(PhoneOrdersView, shows_what_was_ordered_PHN_F1) {
    given<PhoneOrders>(placed()).then(
        {17, "note21", 2, "Ordered", "gangnam", "seoul", price, at(0), at(0)});
}
TEST(PhoneOrdersView, shows_the_status_on_the_wire_PHN_F5_PHN_F8_PHN_X11) {
    EXPECT_EQ(order_status(was_paid), "Payed");
    EXPECT_EQ(order_status(was_paid, was_shipped), "Shipped");
    EXPECT_EQ(order_status(was_paid, was_cancelled), "OrderCancelled");
    EXPECT_EQ(order_status(was_paid, was_cancelled, was_refunded), "PayCancelled");
    EXPECT_EQ(order_status(was_rejected), "OrderRejected");
    EXPECT_EQ(given<PhoneOrders>(placed(), was_paid, was_shipped).row().modified_at, at(2));
}
TEST(PhoneOrdersView, lists_live_orders) {
    const auto hidden = [](const auto&... events) {
        return PhoneOrders::cancelled(given<PhoneOrders>(placed(), events...).row());
    };
    EXPECT_FALSE(hidden());
    EXPECT_FALSE(hidden(was_paid));
    EXPECT_FALSE(hidden(was_paid, was_shipped));
    EXPECT_TRUE(hidden(was_cancelled));
    EXPECT_TRUE(hidden(was_cancelled, was_refunded));
    EXPECT_TRUE(hidden(was_rejected));
}
TEST(PhoneOrdersView, never_shows_a_card) {
    EXPECT_EQ(to_json(given<PhoneOrders>(placed()).row()).find("tok-1"), std::string::npos);
}

// --- payments ---------------------------------------------------------------------------------

template <class... E>
std::string process(const E&... events) {
    return given<PhonePayments>(payment_requested(), events...).row().process;
}
template <class... E>
bool payment_hidden(const E&... events) {
    return PhonePayments::cancelled(given<PhonePayments>(payment_requested(), events...).row());
}
TEST(PhonePaymentsView, shows_a_payment_and_its_end_PHN_F2_PHN_X7) {
    given<PhonePayments>(payment_requested(), payment_completed(), cancelling, payment_cancelled())
        .then({17, 17, price, "Pay Cancelled", "1234-1234-****-1234", "A-1", price, at(0), at(3)});
}
TEST(PhonePaymentsView, only_moves_forward) {
    EXPECT_EQ(process(), "Ordered");
    EXPECT_EQ(process(unknown), "Ordered");
    EXPECT_EQ(process(unknown, asked), "Ordered");
    EXPECT_EQ(process(payment_completed()), "Payed");
    EXPECT_EQ(process(declined), "Pay Declined");
    EXPECT_EQ(process(failed), "Pay Failed");
    EXPECT_EQ(process(cancelling), "Pay Cancelling");
    EXPECT_EQ(process(cancelling, unknown, asked), "Pay Cancelling");
    EXPECT_EQ(process(cancelling, payment_completed()), "Pay Cancelling");
    EXPECT_EQ(process(payment_completed(), cancelling, postponed), "Pay Cancelling");
    EXPECT_EQ(process(payment_completed(), cancelling, postponed, retried), "Pay Cancelling");
    EXPECT_EQ(process(cancelling, declined, PaymentCancelled{payment_name, Won{0}}),
              "Pay Cancelled");
}
TEST(PhonePaymentsView, hides_what_never_took_money) {
    EXPECT_FALSE(payment_hidden());
    EXPECT_FALSE(payment_hidden(unknown, cancelling));
    EXPECT_FALSE(payment_hidden(payment_completed()));
    EXPECT_FALSE(payment_hidden(payment_completed(), cancelling, payment_cancelled()));
    EXPECT_TRUE(payment_hidden(declined));
    EXPECT_TRUE(payment_hidden(failed));
    EXPECT_TRUE(payment_hidden(cancelling, failed, PaymentCancelled{payment_name, Won{0}}));
}
TEST(PhonePaymentsView, is_of_the_phone_shop_alone) {
    EXPECT_EQ(PhonePayments::key(PaymentDeclined{"market-17", "limit"}), std::nullopt);
    EXPECT_EQ(PhonePayments::key(declined), number_key(17));
}

// --- storeManages -----------------------------------------------------------------------------

TEST(StoreManagesView, shows_what_the_store_has_to_send_PHN_F3_PHN_F4) {
    StoreManageRow row{17, 17, "note21", 2, "gangnam", "seoul", price, "Payed", at(0), at(0)};
    given<StoreManages>(tests::phones::received()).then(row);
    row.modified_at = at(1);
    given<StoreManages>(tests::phones::received(), was_packed).then(row);
    row.process = "Shipped";
    row.modified_at = at(2);
    EXPECT_FALSE(StoreManages::cancelled(row));
    given<StoreManages>(tests::phones::received(), was_packed, parcel()).then(row);
    row.process = "OrderCancelled";
    EXPECT_TRUE(StoreManages::cancelled(row));
    given<StoreManages>(tests::phones::received(), was_packed, was_stopped).then(row);
}
TEST(StoreManagesView, an_order_that_is_stopped_before_it_came_has_its_number) {
    const auto row = given<StoreManages>(was_stopped).row();
    EXPECT_EQ(row.order_id, 17);
    EXPECT_TRUE(StoreManages::cancelled(row));
}

// --- customers --------------------------------------------------------------------------------

template <class... E>
std::string progress(const E&... events) {
    return given<PhoneCustomers>(events...).row().status;
}
TEST(PhoneCustomersView, shows_the_whole_progress_PHN_F9) {
    PhoneCustomerRow row;
    row.id = row.order_id = 17;
    row.item = "note21";
    row.qty = 2;
    row.price = price;
    row.status = "Shipped";
    row.ordered_at = at(0);
    row.payed_at = noon;
    row.shipped_at = at(3);
    given<PhoneCustomers>(placed(), payment_completed(), tests::phones::received(), parcel())
        .then(row);
}
TEST(PhoneCustomersView, shows_the_furthest_whatever_comes_first_PHN_X2) {
    EXPECT_EQ(progress(placed()), "Ordered");
    EXPECT_EQ(progress(payment_completed(), placed()), "Payed");
    EXPECT_EQ(progress(parcel(), payment_completed(), placed()), "Shipped");
    EXPECT_EQ(progress(was_cancelled, payment_completed(), placed()), "OrderCancelled");
    EXPECT_EQ(progress(payment_cancelled(), was_cancelled, placed()), "Pay Cancelled");
    EXPECT_EQ(progress(payment_cancelled(), placed(), was_rejected, payment_completed()),
              "OrderRejected");
}
TEST(PhoneCustomersView, shows_no_phantom_order_PHN_X3) {
    const auto hidden = [](const auto&... events) {
        return PhoneCustomers::cancelled(given<PhoneCustomers>(events...).row());
    };
    EXPECT_TRUE(hidden(payment_completed()));
    EXPECT_TRUE(hidden(placed(), was_rejected));
    EXPECT_FALSE(hidden(placed()));
    EXPECT_FALSE(hidden(placed(), was_cancelled, payment_cancelled()));
}

using Fold = std::function<void(PhoneCustomerRow&)>;

template <class... E>
std::vector<Fold> stream(const E&... events) {
    std::int64_t n = 0;
    return {[event = events, when = at(n++)](PhoneCustomerRow& row) {
        PhoneCustomers::apply(row, event, when);
    }...};
}

RC_GTEST_PROP(PhoneCustomersView, any_order_of_app_pay_and_store_gives_the_same_row, ()) {
    const std::vector<std::vector<std::vector<Fold>>> lives{
        {stream(placed(), was_paid, was_shipped), stream(payment_requested(), payment_completed()),
         stream(tests::phones::received(), was_packed, parcel())},
        {stream(placed(), was_paid, was_cancelled, was_refunded),
         stream(payment_requested(), payment_completed(), cancelling, payment_cancelled()),
         stream(tests::phones::received(), was_stopped)},
        {stream(placed(), was_rejected), stream(payment_requested(), unknown, cancelling,
                                                payment_completed(), payment_cancelled())}};
    for (const auto& streams : lives) {
        PhoneCustomerRow in_turn;
        PhoneCustomerRow mixed;
        std::vector<std::size_t> left;
        for (const auto& folds : streams) {
            left.push_back(0);
            for (const auto& fold : folds) fold(in_turn);
        }
        auto turns = *rc::gen::container<std::vector<std::size_t>>(
            40, rc::gen::inRange<std::size_t>(0, streams.size()));
        for (std::size_t i = 0; i < streams.size(); ++i) turns.insert(turns.end(), 6, i);
        for (const auto turn : turns)
            if (left[turn] < streams[turn].size()) streams[turn][left[turn]++](mixed);
        RC_ASSERT(to_json(mixed) == to_json(in_turn));
    }
}

}  // namespace
}  // namespace yeyak::projections
