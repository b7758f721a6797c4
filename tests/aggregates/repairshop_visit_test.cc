// Every row of the table in visit.h, and everything that is not in it.
#include "aggregates/repairshop/visit.h"

#include <algorithm>

#include "tests/aggregates/repairshop_samples.h"
#include "tests/scenario.h"

namespace yeyak::repairshop {
namespace {

using namespace tests;
using namespace tests::car;

const std::string order = "repairshop-17";
const RepairReceived repair_received{17, 17, plate};
const RepairCompleted repair_completed{17, amount};
const RepairRejected repair_rejected{17};
const RepairCancelled repair_cancelled{17};
const payment::PaymentCompleted money_came{order, "A-1", amount, {}};
const payment::PaymentDeclined money_declined{order, "limit"};
const payment::PaymentFailed money_failed{order, "closed"};
const DeliveryStarted delivery_started{17, 17, plate};
const Refused no_desk{"payment.request_payment", Ended::context_down};
const Refused no_cancel{"repairshop.cancel_repair", Ended::refused, "repair_completed"};

Send register_repair() { return send<RepairContract>("17", RegisterRepair{17, plate}); }
Send cancel_repair() { return send<RepairContract>("17", CancelRepair{17}); }
Send request_payment(std::int64_t attempt = 1, Delivery delivery = Delivery::now) {
    const auto name = name_of({17, attempt});
    return send<payment::Contract>(
        name, payment::RequestPayment{{name, 17, amount, {}, {}, 0, 0, plate.text()}}, delivery);
}
Send start_delivery() { return send<DeliveryContract>("17", StartDelivery{17, plate}); }
Send tell(IntakeCommand command) { return send<IntakeContract>("17", std::move(command)); }
Send follow(RepairStat repair) {
    return tell(FollowRepair{
        17, repair, repair == RepairStat::repaired ? std::optional{amount} : std::nullopt});
}

// The parts of visit 17.
VisitParts parts(RepairStat repair, DeliveryStat delivery = DeliveryStat::none) {
    return {17, plate, repair, false, 0, {}, delivery};
}
VisitParts paid_parts(DeliveryStat delivery = DeliveryStat::none) {
    return {17, plate, RepairStat::repaired, false, 0, amount, delivery};
}
VisitParts cancelling(RepairStat repair) { return {17, plate, repair, true, 0, {}, {}}; }
VisitParts paying(std::int64_t attempt = 1) {
    return {17, plate, RepairStat::repaired, false, attempt, amount, DeliveryStat::none};
}

auto begun() { return given<Visit>(received()); }
auto in_the_shop() { return given<Visit>(received(), repair_received); }
auto done() { return given<Visit>(received(), repair_received, repair_completed); }
auto at_the_desk() {
    return given<Visit>(received(), repair_received, repair_completed, payment_requested());
}
auto on_its_way() { return given<Visit>(received(), repair_received, delivery_requested()); }

TEST(Visit, begins_by_registering_the_repair_CAR_A1) {
    given<Visit>()
        .when(received())
        .then(Working{parts(RepairStat::repair_requested)}, {register_repair()});
}
TEST(Visit, tells_the_receipt_of_the_repair_CAR_F2_CAR_F3_CAR_F8) {
    begun()
        .when(repair_received)
        .then(Waiting{parts(RepairStat::repair_received)}, {follow(RepairStat::repair_received)});
    in_the_shop()
        .when(repair_completed)
        .then(Waiting{parts(RepairStat::repaired)}, {follow(RepairStat::repaired)});
    in_the_shop()
        .when(repair_rejected)
        .then(Completed{parts(RepairStat::repair_rejected)}, {follow(RepairStat::repair_rejected)});
}
TEST(Visit, cancels_the_repair_CAR_F6_CAR_F7) {
    begun()
        .when(cancel_requested())
        .then(Working{cancelling(RepairStat::repair_requested)}, {cancel_repair()});
    in_the_shop()
        .when(cancel_requested())
        .then(Working{cancelling(RepairStat::repair_received)}, {cancel_repair()});
    given<Visit>(received(), repair_received, cancel_requested())
        .when(repair_cancelled)
        .then(Compensated{parts(RepairStat::repair_cancelled)},
              {follow(RepairStat::repair_cancelled)});
    in_the_shop()
        .when(repair_cancelled)
        .then(Compensated{parts(RepairStat::repair_cancelled)},
              {follow(RepairStat::repair_cancelled)});
}
TEST(Visit, a_repair_that_came_to_another_end_is_not_cancelled) {
    given<Visit>(received(), repair_received, cancel_requested())
        .when(no_cancel)
        .then(Waiting{parts(RepairStat::repair_received)}, {});
    given<Visit>(received(), repair_received, cancel_requested())
        .when(repair_completed)
        .then(Waiting{parts(RepairStat::repaired)}, {follow(RepairStat::repaired)});
    done().when(cancel_requested()).then_nothing();
}

TEST(Visit, takes_the_money_when_the_customer_pays_CAR_F4_CAR_F5) {
    done().when(payment_requested()).then(Working{paying()}, {request_payment()});
    at_the_desk().when(money_came).then(Waiting{paid_parts()}, {tell(RecordPayment{17, 1, "A-1"})});
}
TEST(Visit, tells_the_receipt_that_it_is_not_paid_CAR_N3_CAR_A9) {
    at_the_desk()
        .when(money_declined)
        .then(Waiting{paid_parts()}, {tell(FailPayment{17, 1, PaymentFailure::payment_declined})});
    at_the_desk().when(money_failed).then(Waiting{paid_parts()}, {tell(FailPayment{17, 1})});
    at_the_desk().when(no_desk).then(Waiting{paid_parts()}, {tell(FailPayment{17, 1})});
}
TEST(Visit, tries_a_payment_again_under_a_name_of_its_own) {
    const auto again = [] {
        return given<Visit>(received(), repair_completed, payment_requested(), money_failed);
    };
    again().when(payment_requested(2)).then(Working{paying(2)}, {request_payment(2)});
    const auto second = [] {
        return given<Visit>(received(), repair_completed, payment_requested(), money_failed,
                            payment_requested(2));
    };
    second().when(money_came).then_nothing();  // of the first attempt
    second()
        .when(payment::PaymentCompleted{"repairshop-17-2", "A-2", amount, {}})
        .then(Waiting{paid_parts()}, {tell(RecordPayment{17, 2, "A-2"})});
}

TEST(Visit, ends_with_the_delivery_CAR_F9_CAR_A2) {
    in_the_shop()
        .when(delivery_requested())
        .then(Working{parts(RepairStat::repair_received, DeliveryStat::delivery_requested)},
              {start_delivery()});
    on_its_way()
        .when(delivery_started)
        .then(Completed{parts(RepairStat::repair_received, DeliveryStat::delivery_started)},
              {tell(FollowDelivery{17})});
}
TEST(Visit, goes_on_after_an_early_delivery) {
    const auto delivered = [] {
        return given<Visit>(received(), repair_received, delivery_requested(), delivery_started);
    };
    delivered()
        .when(repair_completed)
        .then(Completed{parts(RepairStat::repaired, DeliveryStat::delivery_started)},
              {follow(RepairStat::repaired)});
    auto visit = paying();
    visit.delivery = DeliveryStat::delivery_started;
    given<Visit>(received(), delivery_requested(), delivery_started, repair_completed)
        .when(payment_requested())
        .then(Working{visit}, {request_payment()});
    given<Visit>(received(), delivery_requested(), delivery_started, repair_completed,
                 payment_requested())
        .when(money_came)
        .then(Completed{paid_parts(DeliveryStat::delivery_started)},
              {tell(RecordPayment{17, 1, "A-1"})});
}
TEST(Visit, delivers_an_imported_car_CAR_A6) {
    given<Visit>().when(imported()).then(Waiting{parts(RepairStat::repaired)}, {});
    given<Visit>(imported())
        .when(delivery_requested())
        .then(Working{parts(RepairStat::repaired, DeliveryStat::delivery_requested)},
              {start_delivery()});
}

TEST(Visit, what_is_late_or_repeated_changes_nothing) {
    const std::vector<Visit::Input> all{
        received(),       imported(),       repair_received,    repair_completed,
        repair_rejected,  repair_cancelled, cancel_requested(), payment_requested(),
        money_came,       money_declined,   money_failed,       delivery_requested(),
        delivery_started, no_desk,          no_cancel};
    const auto except = [&](auto scenario, std::initializer_list<std::size_t> news) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (std::ranges::find(news, i) == news.end()) {
                auto fresh = scenario();
                fresh.when(all[i]).then_nothing();
            }
    };
    except([] { return given<Visit>(); }, {0, 1});
    except([] { return begun(); }, {2, 3, 4, 5, 6, 7, 11, 12});
    except([] { return in_the_shop(); }, {3, 4, 5, 6, 7, 11, 12});
    except([] { return done(); }, {7, 11, 12});
    except([] { return at_the_desk(); }, {8, 9, 10, 11, 12, 13});
    except([] { return on_its_way(); }, {3, 4, 5, 6, 7, 12});
}

TEST(Visit, ends_completed_or_compensated_and_nowhere_else) {
    EXPECT_FALSE(Visit::ended(NotBegun{}));
    EXPECT_FALSE(Visit::ended(Working{paying()}));
    EXPECT_FALSE(Visit::ended(Waiting{paid_parts()}));
    EXPECT_TRUE(Visit::ended(Completed{parts(RepairStat::repair_rejected)}));
    EXPECT_TRUE(Visit::ended(Compensated{parts(RepairStat::repair_cancelled)}));
}
TEST(Visit, hears_only_its_own_payments) {
    EXPECT_EQ(Visit::route(money_came), "17");
    EXPECT_EQ(Visit::route(payment::PaymentDeclined{"repairshop-17-2", "limit"}), "17");
    EXPECT_EQ(Visit::route(payment::PaymentDeclined{"market-17", "limit"}), std::nullopt);
    EXPECT_EQ(Visit::route(delivery_started), "17");
}

std::vector<std::string> texts(const std::vector<Send>& sends) {
    std::vector<std::string> all;
    for (const auto& one : sends) all.push_back(text_of_send<Visit::Sources>(one));
    return all;
}

TEST(Visit, repeats_what_it_waits_for_when_it_is_asked_to) {
    EXPECT_TRUE(Visit::retry(NotBegun{}).empty());
    EXPECT_TRUE(Visit::retry(Waiting{parts(RepairStat::repair_received)}).empty());
    auto all = paying(2);
    all.repair = RepairStat::repair_requested;
    all.cancelling = true;
    all.delivery = DeliveryStat::delivery_requested;
    EXPECT_EQ(texts(Visit::retry(Working{all})),
              texts({register_repair(), cancel_repair(), request_payment(2, Delivery::when_up),
                     start_delivery()}));
}
// It was asked for again, and had come to its end already: that end is heard on its own.
TEST(Visit, only_a_stopped_desk_means_that_no_payment_began) {
    at_the_desk()
        .when(Refused{"payment.request_payment", Ended::refused, "payment_exists"})
        .then_nothing();
}
TEST(Visit, can_be_undone_until_the_repair_is_over_CAR_X10) {
    const auto step = Visit::compensate(Waiting{parts(RepairStat::repair_received)}, {});
    EXPECT_EQ(texts(step.sends), texts({tell(RequestRepairCancel{17})}));
    for (const VisitState& state : std::initializer_list<VisitState>{
             NotBegun{}, Working{cancelling(RepairStat::repair_received)},
             Waiting{parts(RepairStat::repaired)}, Completed{parts(RepairStat::repair_rejected)},
             Completed{parts(RepairStat::repair_received, DeliveryStat::delivery_started)}})
        EXPECT_TRUE(Visit::compensate(state, {}).nothing);
}

}  // namespace
}  // namespace yeyak::repairshop
