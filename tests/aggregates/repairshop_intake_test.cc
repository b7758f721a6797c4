// Every rule of a receipt of the repair shop.
#include "aggregates/repairshop/intake.h"
#include "tests/aggregates/repairshop_samples.h"
#include "tests/scenario.h"

namespace yeyak::repairshop {
namespace {

using namespace tests;
using namespace tests::car;
using Rejection = IntakeRejection;

const RegisterIntake take{17, plate};
const ImportIntake import{17, plate};
const RequestRepairCancel cancel{17};
const RequestPayment pay{17, amount};
const RequestDelivery deliver{17, false};
const RequestDelivery deliver_if_paid{17, true};

FollowRepair follow(RepairStat repair) {
    return {17, repair, repair == RepairStat::repaired ? std::optional{amount} : std::nullopt};
}

auto nothing() { return given<Intake>(); }
auto requested() { return given<Intake>(received()); }
auto open() { return given<Intake>(received(), accepted()); }
auto done() { return given<Intake>(received(), accepted(), car::repaired()); }
auto paying() { return given<Intake>(received(), car::repaired(), payment_requested()); }
auto paid_for() {
    return given<Intake>(received(), car::repaired(), payment_requested(), car::paid());
}
auto cancelling() { return given<Intake>(received(), accepted(), car::cancel_requested()); }
auto gone() { return given<Intake>(received(), accepted(), car::cancelled()); }
auto turned_down() { return given<Intake>(received(), car::rejected()); }
auto on_its_way() { return given<Intake>(received(), car::delivery_requested()); }
auto with_the_customer() {
    return given<Intake>(received(), car::delivery_requested(), delivered());
}

TEST(RepairshopIntake, is_taken_CAR_F1) { nothing().when(take).then(received()); }
TEST(RepairshopIntake, taken_again_changes_nothing) {
    requested().when(take).then_nothing();
    requested().when(RegisterIntake{17, sealed("4567")}).then_rejected(Rejection::receipt_exists);
}
TEST(RepairshopIntake, must_be_there) {
    for (const IntakeCommand& command : std::initializer_list<IntakeCommand>{
             cancel, pay, deliver, follow(RepairStat::repaired), RecordPayment{17, 1, "A-1"},
             FailPayment{17, 1}, FollowDelivery{17}})
        nothing().when(command).then_rejected(Rejection::receipt_not_found);
}

TEST(RepairshopIntake, follows_the_repair_CAR_F2_CAR_F3_CAR_F7_CAR_F8) {
    requested().when(follow(RepairStat::repair_received)).then(accepted());
    open().when(follow(RepairStat::repaired)).then(car::repaired());
    open().when(follow(RepairStat::repair_rejected)).then(car::rejected());
    cancelling().when(follow(RepairStat::repair_cancelled)).then(car::cancelled());
    open().when(follow(RepairStat::repair_cancelled)).then(car::cancelled());
}
TEST(RepairshopIntake, never_goes_back_to_earlier_news_of_the_repair) {
    requested().when(follow(RepairStat::repaired)).then(car::repaired());
    done().when(follow(RepairStat::repair_received)).then_nothing();
    for (const auto stat : {RepairStat::repair_received, RepairStat::repaired,
                            RepairStat::repair_rejected, RepairStat::repair_cancelled}) {
        done().when(follow(stat)).then_nothing();
        gone().when(follow(stat)).then_nothing();
        turned_down().when(follow(stat)).then_nothing();
    }
}

TEST(RepairshopIntake, asks_for_the_cancel_of_a_repair_CAR_F6) {
    requested().when(cancel).then(car::cancel_requested());
    open().when(cancel).then(car::cancel_requested());
    cancelling().when(cancel).then_nothing();
    gone().when(cancel).then_nothing();
}
TEST(RepairshopIntake, is_not_cancelled_after_the_repair_CAR_X10) {
    done().when(cancel).then_rejected(Rejection::cancel_too_late);
    paying().when(cancel).then_rejected(Rejection::cancel_too_late);
    paid_for().when(cancel).then_rejected(Rejection::cancel_too_late);
    on_its_way().when(cancel).then_rejected(Rejection::cancel_too_late);
    turned_down().when(cancel).then_rejected(Rejection::receipt_rejected);
}
TEST(RepairshopIntake, a_repair_that_is_done_first_wins_over_its_cancel) {
    cancelling().when(follow(RepairStat::repaired)).then(car::repaired());
    cancelling().when(follow(RepairStat::repair_received)).then_nothing();
    given<Intake>(received(), car::cancel_requested())
        .when(follow(RepairStat::repair_received))
        .then(followed(RepairStat::repair_received, IntakeStat::cancel_requested));
}

TEST(RepairshopIntake, is_paid_after_the_repair_only_CAR_N1_CAR_X5_CAR_A10) {
    done().when(pay).then(payment_requested());
    requested().when(pay).then_rejected(Rejection::repair_not_completed);
    open().when(pay).then_rejected(Rejection::repair_not_completed);
    on_its_way().when(pay).then_rejected(Rejection::repair_not_completed);
    cancelling().when(pay).then_rejected(Rejection::receipt_cancelled);
    gone().when(pay).then_rejected(Rejection::receipt_cancelled);
    turned_down().when(pay).then_rejected(Rejection::receipt_rejected);
}
TEST(RepairshopIntake, is_paid_as_much_as_the_repair_costs_CAR_X9) {
    done().when(RequestPayment{17, Won{2'999}}).then_rejected(Rejection::pay_amount_differs);
}
TEST(RepairshopIntake, follows_the_payment_CAR_F4_CAR_F5) {
    paying().when(RecordPayment{17, 1, "A-1"}).then(car::paid());
    paying()
        .when(FailPayment{17, 1, PaymentFailure::payment_declined})
        .then(IntakePaymentFailed{17, 1, PaymentFailure::payment_declined});
    for (const std::int64_t attempt : {0, 2}) {
        paying().when(RecordPayment{17, attempt, "A-1"}).then_nothing();
        paying().when(FailPayment{17, attempt}).then_nothing();
    }
    done().when(RecordPayment{17, 1, "A-1"}).then_nothing();
    done().when(FailPayment{17, 0}).then_nothing();
    paid_for().when(RecordPayment{17, 1, "A-1"}).then_nothing();
    paid_for().when(FailPayment{17, 1}).then_nothing();
}
TEST(RepairshopIntake, asks_for_one_payment_at_a_time_and_never_after_it_is_paid) {
    for (const auto& receipt : {paying(), paid_for()}) {
        auto again = receipt;
        again.when(pay).then_nothing();
        again.when(RequestPayment{17, Won{1}}).then_rejected(Rejection::receipt_paid);
    }
    given<Intake>(imported()).when(pay).then_rejected(Rejection::receipt_paid);
}
TEST(RepairshopIntake, can_be_paid_later_after_a_failure_CAR_N3) {
    given<Intake>(received(), car::repaired(), payment_requested(), not_paid())
        .when(pay)
        .then(payment_requested(2));
}

TEST(RepairshopIntake, is_delivered_from_any_state_that_is_not_cancelled_or_rejected_CAR_X4) {
    for (const auto& receipt : {requested(), open(), done(), paying(), paid_for()}) {
        auto any = receipt;
        any.when(deliver).then(car::delivery_requested());
    }
    for (const auto& receipt : {cancelling(), gone()}) {
        auto any = receipt;
        any.when(deliver).then_rejected(Rejection::receipt_cancelled);
    }
    turned_down().when(deliver).then_rejected(Rejection::receipt_rejected);
}
TEST(RepairshopIntake, is_delivered_after_payment_when_that_is_required_CAR_X5) {
    for (const auto& receipt : {requested(), open(), done(), paying()}) {
        auto any = receipt;
        any.when(deliver_if_paid).then_rejected(Rejection::receipt_not_paid);
    }
    paid_for().when(deliver_if_paid).then(car::delivery_requested());
    given<Intake>(imported()).when(deliver_if_paid).then(car::delivery_requested());
}
TEST(RepairshopIntake, is_delivered_once_CAR_X6) {
    on_its_way().when(deliver).then_nothing();
    on_its_way().when(FollowDelivery{17}).then(delivered());
    with_the_customer().when(FollowDelivery{17}).then_nothing();
    with_the_customer().when(deliver).then_nothing();
    with_the_customer().when(deliver_if_paid).then_nothing();
}
TEST(RepairshopIntake, of_a_car_that_is_back_can_still_be_repaired_and_paid) {
    with_the_customer()
        .when(follow(RepairStat::repaired))
        .then(followed(RepairStat::repaired, IntakeStat::delivery_started));
    given<Intake>(received(), car::delivery_requested(), delivered(), car::repaired())
        .when(pay)
        .then(PaymentRequested{17, 1, amount, IntakeStat::delivery_started});
}

TEST(RepairshopIntake, is_imported_as_paid_and_to_be_delivered_CAR_X2) {
    nothing().when(import).then(imported(), car::delivery_requested());
    given<Intake>(imported(), car::delivery_requested()).when(import).then_nothing();
    requested().when(ImportIntake{17, sealed("4567")}).then_rejected(Rejection::receipt_exists);
}

TEST(RepairshopContract, names_payments_and_knows_them_again) {
    EXPECT_EQ(name_of({17, 1}), "repairshop-17");
    EXPECT_EQ(name_of({17, 2}), "repairshop-17-2");
    EXPECT_EQ(payment_order("repairshop-17"), (PaymentOrder{17, 1}));
    EXPECT_EQ(payment_order("repairshop-17-2"), (PaymentOrder{17, 2}));
    for (const auto* text :
         {"market-17", "repairshop-", "repairshop-17x", "repairshop-17-", "repairshop-17-2x",
          "repairshop-0", "repairshop--1", "17", "", "repairshop-99999999999999999999"})
        EXPECT_EQ(payment_order(text), std::nullopt) << text;
}
TEST(RepairshopContract, writes_statuses_as_the_founding_document_does) {
    EXPECT_EQ(wire_text(IntakeStat::repair_requested), "REPAIRREQUEST");
    EXPECT_EQ(wire_text(IntakeStat::delivery_requested), "DELIVERYREQUESTED");
    EXPECT_EQ(wire_text(RepairStat::repaired), "REPAIRED");
}

}  // namespace
}  // namespace yeyak::repairshop
