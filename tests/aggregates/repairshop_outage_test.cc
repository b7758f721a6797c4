// Contexts of the repair shop that are stopped: what must still work, what catches up, with and
// without a kill in between (domain table 6.2).
#include <gtest/gtest.h>

#include "tests/aggregates/repairshop_world.h"

namespace yeyak::tests::car {
namespace {

// Ends an outage in another life of the process.
void come_back(Garage& garage, const std::string& context, bool killed) {
    if (killed) garage.restart();
    garage.up(context);
    garage.settle();
}

class RepairshopOutage : public ::testing::TestWithParam<bool> {
  protected:
    void repaired(std::int64_t receipts = 1) {
        for (std::int64_t id = 1; id <= receipts; ++id) {
            garage.take();
            garage.to_repair(id, CompleteRepair{id, amount});
        }
    }
    Garage garage;
};
INSTANTIATE_TEST_SUITE_P(WithAndWithoutKill, RepairshopOutage, ::testing::Bool());

TEST_P(RepairshopOutage, receipts_are_taken_without_the_repair_shop_CAR_N2_CAR_A7) {
    garage.down("repair");
    EXPECT_EQ(garage.take(), "ok");
    EXPECT_EQ(garage.take(), "ok");
    EXPECT_EQ(garage.to_receipt(2, RequestRepairCancel{2}), "ok");
    EXPECT_EQ(garage.to_repair(1, RejectRepair{1}), "context_down");
    EXPECT_EQ(garage.stat(1), "REPAIRREQUEST");
    EXPECT_EQ(garage.saga_of(1), "working");
    come_back(garage, "repair", GetParam());
    EXPECT_EQ(garage.stat(1), "REPAIRRECEIVED");
    EXPECT_EQ(garage.stat(2), "CANCELLED");
    EXPECT_EQ(garage.wrong(false), "");
}

TEST_P(RepairshopOutage, without_the_payment_desk_the_receipt_stays_as_it_was_CAR_A9) {
    repaired();
    garage.down("repairshop.payment");
    EXPECT_EQ(garage.to_receipt(1, RequestPayment{1, amount}), "ok");
    EXPECT_EQ(garage.stat(1), "REPAIRED");
    EXPECT_TRUE(garage.effects.empty()) << "nobody is charged afterwards";
    come_back(garage, "repairshop.payment", GetParam());
    EXPECT_EQ(garage.stat(1), "REPAIRED");
    EXPECT_EQ(garage.to_receipt(1, RequestPayment{1, amount}), "ok");
    garage.settle();
    EXPECT_EQ(garage.stat(1), "PAID");
    EXPECT_EQ(garage.wrong(true), "");
}

TEST_P(RepairshopOutage, an_outcome_that_arrives_while_the_desk_is_stopped_is_not_lost) {
    repaired();
    garage.to_receipt(1, RequestPayment{1, amount});
    ASSERT_TRUE(garage.call_provider());
    garage.down("repairshop.payment");
    ASSERT_TRUE(garage.submit_answer());
    garage.run_batch();
    EXPECT_EQ(garage.stat(1), "PAYMENTREQUESTED");
    come_back(garage, "repairshop.payment", GetParam());
    EXPECT_EQ(garage.stat(1), "PAID");
    EXPECT_EQ(garage.wrong(true), "");
}

TEST_P(RepairshopOutage, a_delivery_that_was_accepted_catches_up_CAR_A6_CAR_X2) {
    garage.take();
    garage.down("delivery");
    EXPECT_EQ(garage.to_receipt(1, RequestDelivery{1, false}), "ok");
    EXPECT_EQ(garage.take(IntakeKind::import), "ok");
    for (const std::int64_t id : {1, 2}) EXPECT_EQ(garage.stat(id), "DELIVERYREQUESTED");
    come_back(garage, "delivery", GetParam());
    for (const std::int64_t id : {1, 2}) EXPECT_EQ(garage.stat(id), "DELIVERYSTARTED");
    EXPECT_EQ(garage.wrong(false), "");
}

TEST_P(RepairshopOutage, the_reception_hears_afterwards_what_the_others_did) {
    repaired(2);
    garage.take();
    garage.to_receipt(1, RequestPayment{1, amount});
    ASSERT_TRUE(garage.call_provider());
    garage.down("repairshop.receipt");
    ASSERT_TRUE(garage.submit_answer());
    garage.run_batch();
    EXPECT_EQ(garage.to_repair(3, CompleteRepair{3, amount}), "ok");
    EXPECT_EQ(garage.take(), "context_down");
    EXPECT_EQ(garage.to_receipt(2, RequestPayment{2, amount}), "context_down");
    come_back(garage, "repairshop.receipt", GetParam());
    EXPECT_EQ(garage.stat(1), "PAID");
    EXPECT_EQ(garage.stat(3), "REPAIRED");
    EXPECT_EQ(garage.take(), "ok");
    EXPECT_EQ(garage.receipts(), 4) << "no number was lost";
    garage.settle();
    EXPECT_EQ(garage.wrong(true), "");
}

// A payment that is open at a stopped desk is not given up because an operator asks again.
TEST_P(RepairshopOutage, a_retry_while_the_desk_is_stopped_charges_nobody_twice) {
    repaired();
    garage.to_receipt(1, RequestPayment{1, amount});
    garage.down("repairshop.payment");
    garage.submit_order(1, SagaOrder::retry);
    garage.run_batch();
    EXPECT_EQ(garage.stat(1), "PAYMENTREQUESTED");
    come_back(garage, "repairshop.payment", GetParam());
    EXPECT_EQ(garage.stat(1), "PAID");
    EXPECT_EQ(garage.wrong(true), "");
}

TEST_P(RepairshopOutage, an_operator_undoes_a_visit_while_the_shop_is_stopped_CAR_F6) {
    garage.take();
    garage.down("repair");
    const auto order = garage.submit_order(1, SagaOrder::compensate);
    garage.run_batch();
    EXPECT_EQ(order->reply.code(), "ok");
    EXPECT_EQ(garage.stat(1), "CANCELREQUESTED");
    come_back(garage, "repair", GetParam());
    EXPECT_EQ(garage.stat(1), "CANCELLED");
    EXPECT_EQ(garage.saga_of(1), "compensated");
    EXPECT_EQ(garage.wrong(true), "");
}

// The repair is completed while its cancel is on the way: whoever is first wins, and both sides
// agree.
TEST_P(RepairshopOutage, a_cancel_that_comes_after_the_repair_is_forgotten) {
    garage.take();
    garage.down("repairshop.receipt");
    garage.to_repair(1, CompleteRepair{1, amount});
    garage.submit_context("repairshop.receipt", ContextState::up);
    const auto answer = garage.submit_to_receipt(1, RequestRepairCancel{1});
    garage.run_batch();
    EXPECT_EQ(answer->reply.code(), "ok");
    EXPECT_EQ(garage.stat(1), "CANCELREQUESTED");
    come_back(garage, "repairshop.receipt", GetParam());
    EXPECT_EQ(garage.stat(1), "REPAIRED");
    EXPECT_EQ(garage.wrong(true), "");
}

TEST_P(RepairshopOutage, a_lost_answer_of_the_provider_is_found_CAR_N3) {
    garage.fate = [n = 0](const auto&) mutable { return n++ == 0 ? Fate::lost : Fate::ok; };
    repaired();
    garage.to_receipt(1, RequestPayment{1, amount});
    ASSERT_TRUE(garage.call_provider());
    ASSERT_TRUE(garage.submit_answer());
    garage.run_batch();
    EXPECT_EQ(garage.stat(1), "PAYMENTREQUESTED") << "never assumed";
    if (GetParam()) garage.restart();
    garage.settle();
    EXPECT_EQ(garage.stat(1), "PAID");
    EXPECT_EQ(garage.wrong(true), "");
}

}  // namespace
}  // namespace yeyak::tests::car
