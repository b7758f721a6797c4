// Every row of the table in sale.h, and everything that is not in it.
#include "aggregates/phoneshop/sale.h"

#include <algorithm>

#include "tests/aggregates/phoneshop_samples.h"
#include "tests/scenario.h"

namespace yeyak::phoneshop {
namespace {

using namespace tests;
using namespace tests::phones;
using namespace payment;

const OrderShipped order_shipped{17};
const OrderCancelled user_cancelled{17};
const PaymentDeclined declined{payment_name, "limit"};
const PaymentFailed failed{payment_name, "circuit_open"};
const PaymentOutcomeUnknown unknown{payment_name, "timeout", 1, noon};
const ParcelPacked packed{17};
const StoreOrderStopped stopped{17};
const Refused refused{"payment.request_payment", Ended::context_down};

Send request_payment() {
    return send<Contract>(payment_name, RequestPayment{payment_requested()}, Delivery::now);
}
Send cancel_payment(std::string reason) {
    return send<Contract>(payment_name, CancelPayment{payment_name, std::move(reason)});
}
template <class Command>
Send to_order(Command command) {
    return send<OrderContract>("17", std::move(command));
}
template <class Command>
Send to_store(Command command) {
    return send<StoreOrderContract>("17", std::move(command));
}
Send reject(RejectReason reason) { return to_order(RejectOrder{17, reason}); }

auto paying() { return given<Sale>(placed()); }
auto storing() { return given<Sale>(placed(), payment_completed()); }
auto storing_packed() { return given<Sale>(placed(), payment_completed(), packed); }
auto shipping() { return given<Sale>(placed(), payment_completed(), packed, order_shipped); }
auto done() { return given<Sale>(placed(), payment_completed(), packed, order_shipped, parcel()); }
auto undoing_payment() { return given<Sale>(placed(), unknown); }
auto undoing_both() { return given<Sale>(placed(), payment_completed(), user_cancelled); }
auto undone() { return given<Sale>(placed(), declined); }

TEST(Sale, begins_by_asking_for_the_payment_at_once_PHN_N1) {
    given<Sale>().when(placed()).then(Paying{placed()}, {request_payment()});
}
TEST(Sale, a_paid_order_goes_to_the_store_PHN_F2_PHN_F3_PHN_X9) {
    paying()
        .when(payment_completed())
        .then(Storing{placed(), noon}, {to_order(ConfirmPayment{17, noon}),
                                        to_store(ReceiveOrder{tests::phones::received()})});
}
TEST(Sale, an_order_that_is_not_paid_is_rejected_PHN_N1_PHN_A4) {
    paying().when(declined).then(Compensated{17, false}, {reject(RejectReason::payment_declined)});
    paying().when(failed).then(Compensated{17, false}, {reject(RejectReason::payment_unavailable)});
    paying().when(refused).then(Compensated{17, false},
                                {reject(RejectReason::payment_unavailable)});
}
TEST(Sale, a_payment_without_an_answer_is_undone_PHN_X4) {
    paying().when(unknown).then(
        Compensating{17, true, false},
        {reject(RejectReason::payment_timeout), cancel_payment("payment_timeout")});
}
TEST(Sale, undoes_the_payment_when_the_customer_cancels_while_paying_PHN_F7) {
    paying()
        .when(user_cancelled)
        .then(Compensating{17, true, false}, {cancel_payment("user_request")});
}
TEST(Sale, undoes_the_payment_when_the_customer_was_faster_than_the_rejection) {
    undone()
        .when(user_cancelled)
        .then(Compensating{17, true, false}, {cancel_payment("user_request")});
}
TEST(Sale, ships_when_the_store_is_ready_and_the_order_agrees_PHN_F4_PHN_F5) {
    storing().when(packed).then(Storing{placed(), noon}, {to_order(ShipOrder{17})});
    storing_packed().when(order_shipped).then(Shipping{17}, {to_store(ShipParcel{17})});
    shipping().when(parcel()).then(Completed{17}, {});
}
TEST(Sale, a_cancel_before_shipping_refunds_and_stops_the_store_PHN_N2_PHN_X5) {
    for (auto sale : {storing(), storing_packed()})
        sale.when(user_cancelled)
            .then(Compensating{17, true, true},
                  {cancel_payment("user_request"), to_store(StopStoreOrder{17})});
}
TEST(Sale, is_compensated_when_all_that_was_open_is_closed_and_the_order_knows_PHN_N2) {
    const auto told = to_order(ConfirmPayCancelled{17});
    undoing_payment().when(payment_cancelled()).then(Compensated{17, true}, {told});
    undoing_both().when(payment_cancelled()).then(Compensating{17, false, true}, {told});
    undoing_both().when(stopped).then(Compensating{17, true, false}, {});
    given<Sale>(placed(), payment_completed(), user_cancelled, stopped)
        .when(payment_cancelled())
        .then(Compensated{17, true}, {told});
    given<Sale>(placed(), payment_completed(), user_cancelled, payment_cancelled())
        .when(stopped)
        .then(Compensated{17, true}, {});
}

TEST(Sale, what_is_late_or_repeated_changes_nothing) {
    const std::vector<Sale::Input> all{placed(), order_shipped, user_cancelled, payment_completed(),
                                       declined, failed,        unknown,        payment_cancelled(),
                                       packed,   parcel(),      stopped,        refused};
    const auto silent = [&](auto scenario, std::initializer_list<std::size_t> heard) {
        for (const auto& input : all)
            if (std::ranges::find(heard, input.index()) == heard.end())
                auto{scenario}.when(input).then_nothing();
    };
    silent(given<Sale>(), {0});
    silent(paying(), {2, 3, 4, 5, 6, 11});
    silent(storing(), {1, 2, 8});
    silent(shipping(), {9});
    silent(done(), {});
    silent(undoing_payment(), {7, 10});
    silent(undoing_both(), {7, 10});
    silent(undone(), {2});
    silent(given<Sale>(placed(), user_cancelled, payment_cancelled()), {});
    paying()
        .when(Refused{"phoneshop.cancel_order", Ended::refused, "order_cancelled"})
        .then_nothing();
}
TEST(Sale, ends_completed_or_compensated_and_nowhere_else) {
    for (const SaleState& open :
         std::initializer_list<SaleState>{NotBegun{}, Paying{placed()}, Storing{placed(), noon},
                                          Shipping{17}, Compensating{17, true, false}})
        EXPECT_FALSE(Sale::ended(open)) << open.index();
    EXPECT_TRUE(Sale::ended(Completed{17}));
    EXPECT_TRUE(Sale::ended(Compensated{17, true}));
}
std::vector<std::string> texts(const std::vector<Send>& sends) {
    std::vector<std::string> all;
    for (const auto& one : sends) all.push_back(text_of_send<Sale::Sources>(one));
    return all;
}

TEST(Sale, asks_again_for_what_it_waits_for) {
    const auto is = [](const SaleState& state, const std::vector<Send>& sends) {
        EXPECT_EQ(texts(Sale::retry(state)), texts(sends)) << state.index();
    };
    is(NotBegun{}, {});
    is(Paying{placed()}, {});
    is(Storing{placed(), noon},
       {to_order(ConfirmPayment{17, noon}), to_store(ReceiveOrder{tests::phones::received()})});
    is(Shipping{17}, {to_store(ShipParcel{17})});
    is(Compensating{17, true, true}, {cancel_payment("operator"), to_store(StopStoreOrder{17})});
    is(Compensating{17, false, true}, {to_store(StopStoreOrder{17})});
    is(Completed{17}, {});
    is(Compensated{17, true}, {});
}
TEST(Sale, an_operator_undoes_it_by_asking_the_order) {
    for (const SaleState& open :
         std::initializer_list<SaleState>{Paying{placed()}, Storing{placed(), noon}}) {
        const auto step = Sale::compensate(open, noon);
        EXPECT_FALSE(step.nothing);
        EXPECT_EQ(step.next.index(), open.index());
        EXPECT_EQ(texts(step.sends), texts({to_order(CancelOrder{17})}));
    }
    for (const SaleState& past :
         std::initializer_list<SaleState>{NotBegun{}, Shipping{17}, Compensating{17, true, true},
                                          Completed{17}, Compensated{17, true}})
        EXPECT_TRUE(Sale::compensate(past, noon).nothing) << past.index();
}
TEST(Sale, hears_only_the_payments_of_the_phone_shop) {
    EXPECT_EQ(Sale::route(declined), "17");
    EXPECT_EQ(Sale::route(PaymentDeclined{"prereservation-17", "limit"}), std::nullopt);
    EXPECT_EQ(Sale::route(placed()), "17");
    EXPECT_EQ(Sale::route(packed), "17");
}

}  // namespace
}  // namespace yeyak::phoneshop
