// What each event does to the rows of the repair shop, and that the display does not depend on the
// order in which the streams are heard.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "kernel/match.h"
#include "projections/repairshop/deliveries.h"
#include "projections/repairshop/displays.h"
#include "projections/repairshop/intakes.h"
#include "projections/repairshop/payments.h"
#include "projections/repairshop/repairs.h"
#include "tests/aggregates/repairshop_samples.h"
#include "tests/scenario.h"

namespace yeyak::projections {
namespace {

using namespace tests;
using namespace tests::car;

const RepairReceived repair_received{17, 17, plate};
const RepairCompleted repair_completed{17, amount};
const DeliveryStarted delivery_started{17, 17, plate};

RepairshopIntakeRow receipt(std::string stat, int last) {
    RepairshopIntakeRow row;
    row.id = 17;
    row.vehi_no = plate.text();
    row.stat = std::move(stat);
    row.created_at = at(0);
    row.modified_at = at(last);
    return row;
}

TEST(RepairshopIntakesView, shows_the_status_of_every_event_CAR_A3_CAR_A11) {
    given<RepairshopIntakes>(received()).then(receipt("REPAIRREQUEST", 0));
    given<RepairshopIntakes>(received(), accepted()).then(receipt("REPAIRRECEIVED", 1));
    given<RepairshopIntakes>(received(), rejected()).then(receipt("REPAIRREJECTED", 1));
    given<RepairshopIntakes>(received(), cancel_requested()).then(receipt("CANCELREQUESTED", 1));
    given<RepairshopIntakes>(received(), cancel_requested(), cancelled())
        .then(receipt("CANCELLED", 2));
    given<RepairshopIntakes>(imported()).then(receipt("PAID", 0));
    given<RepairshopIntakes>(imported(), delivery_requested())
        .then(receipt("DELIVERYREQUESTED", 1));
    given<RepairshopIntakes>(imported(), delivery_requested(), delivered())
        .then(receipt("DELIVERYSTARTED", 2));
}
TEST(RepairshopIntakesView, shows_the_amounts_under_both_names_CAR_X8) {
    auto row = receipt("REPAIRED", 1);
    row.reapir_amt = row.repair_amt = amount;
    given<RepairshopIntakes>(received(), repaired()).then(row);
    row = receipt("PAYMENTREQUESTED", 2);
    row.reapir_amt = row.repair_amt = row.pay_amt = amount;
    given<RepairshopIntakes>(received(), repaired(), payment_requested()).then(row);
    row.stat = "PAID";
    row.modified_at = at(3);
    given<RepairshopIntakes>(received(), repaired(), payment_requested(), paid()).then(row);
    row.stat = "REPAIRED";
    row.pay_amt.reset();
    given<RepairshopIntakes>(received(), repaired(), payment_requested(), not_paid()).then(row);
}

TEST(RepairsView, shows_how_a_repair_ends) {
    const auto row = [](std::string stat, int last) {
        return RepairRow{17, 17, plate.text(), std::move(stat), {}, at(0), at(last)};
    };
    given<Repairs>(repair_received).then(row("REPAIRRECEIVED", 0));
    auto done = row("REPAIRED", 1);
    done.repair_amt = amount;
    given<Repairs>(repair_received, repair_completed).then(done);
    given<Repairs>(repair_received, RepairRejected{17}).then(row("REPAIRREJECTED", 1));
    given<Repairs>(repair_received, RepairCancelled{17}).then(row("REPAIRCANCELLED", 1));
}

TEST(RepairshopPaymentsView, shows_the_newest_attempt_CAR_A8) {
    RepairshopPaymentRow row{17, 17, amount, "PAYMENTREQUESTED", 1, {}, at(0), at(0)};
    given<RepairshopPayments>(payment_requested()).then(row);
    row.stat = "PAYMENTUNAVAILABLE";
    row.modified_at = at(1);
    given<RepairshopPayments>(payment_requested(), not_paid()).then(row);
    row.stat = "PAID";
    row.attempt = 2;
    row.approval_no = "A-1";
    row.modified_at = at(3);
    given<RepairshopPayments>(payment_requested(), not_paid(), payment_requested(2), paid(2))
        .then(row);
}
TEST(RepairshopPaymentsView, has_no_row_before_somebody_pays) {
    EXPECT_EQ(RepairshopPayments::key(received()), std::nullopt);
    EXPECT_EQ(RepairshopPayments::key(imported()), std::nullopt);
    EXPECT_EQ(RepairshopPayments::key(delivery_requested()), std::nullopt);
    EXPECT_NE(RepairshopPayments::key(paid()), std::nullopt);
}

TEST(DeliveriesView, shows_what_was_started_CAR_A2) {
    given<Deliveries>(delivery_started).then({17, "DELIVERYSTARTED", 17, plate.text(), at(0)});
}

TEST(DisplaysView, shows_all_parts_of_a_visit_CAR_N4) {
    const auto row =
        given<Displays>(received(), repair_received, accepted(), repair_completed, repaired(),
                        payment_requested(), paid(), delivery_requested(), delivery_started)
            .row();
    EXPECT_EQ(row.receipt_stat, "DELIVERYREQUESTED");
    EXPECT_EQ(row.repair_stat, "REPAIRED");
    EXPECT_EQ(row.pay_stat, "PAID");
    EXPECT_EQ(row.delivery_stat, "DELIVERYSTARTED");
    EXPECT_EQ(row.repair_amt, amount);
    EXPECT_EQ(row.pay_amt, amount);
    EXPECT_EQ(row.created_at, at(0));
    EXPECT_EQ(row.modified_at, at(8));
}
TEST(DisplaysView, is_found_by_status_and_plate) {
    const auto row = given<Displays>(received()).row();
    EXPECT_EQ(Displays::indexes(row), (std::vector<IndexValue>{{"receiptStat", "REPAIRREQUEST"},
                                                               {"vehiNo", plate.text()}}));
}

// The events of each stream in their order, with their times.
using Event = std::variant<IntakeEvent, RepairEvent, DeliveryEvent>;
using Stream = std::vector<std::pair<Event, Instant>>;

const std::vector<Stream> visit{
    {{received(), at(0)},
     {accepted(), at(2)},
     {repaired(), at(4)},
     {payment_requested(), at(5)},
     {not_paid(), at(6)},
     {payment_requested(2), at(7)},
     {paid(2), at(8)},
     {delivery_requested(), at(9)},
     {delivered(), at(11)}},
    {{RepairEvent{repair_received}, at(1)}, {RepairEvent{repair_completed}, at(3)}},
    {{DeliveryEvent{delivery_started}, at(10)}},
};

RC_GTEST_PROP(DisplaysView, does_not_depend_on_the_order_of_the_streams, ()) {
    std::vector<std::size_t> next(visit.size());
    DisplayRow row;
    for (std::size_t left = 12; left > 0; --left) {
        auto stream = *rc::gen::inRange<std::size_t>(0, visit.size());
        while (next[stream] == visit[stream].size()) stream = (stream + 1) % visit.size();
        const auto& [event, time] = visit[stream][next[stream]++];
        match(event)([&](const auto& of_a_stream) {
            match(of_a_stream)([&](const auto& e) { Displays::apply(row, e, time); });
        });
    }
    const DisplayRow expected{17,
                              17,
                              plate.text(),
                              "DELIVERYSTARTED",
                              "REPAIRED",
                              "PAID",
                              "DELIVERYSTARTED",
                              amount,
                              amount,
                              at(0),
                              at(11)};
    RC_ASSERT(to_json(row) == to_json(expected));
}

}  // namespace
}  // namespace yeyak::projections
