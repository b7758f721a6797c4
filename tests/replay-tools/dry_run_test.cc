// A dry run with another projector: which rows it adds, removes and changes, field by field, and
// which event each difference began with.
#include <fmt/format.h>

#include <algorithm>

#include "aggregates/prereservation/reservation_contract.h"
#include "projections/prereservation/payments.h"
#include "projections/runner/view_builder.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/dry_run.h"
#include "replay-tools/replay/first_events.h"
#include "tests/replay-tools/folder_test.h"
#include "tests/systems.h"

namespace yeyak::tools::testing {
namespace {

using projections::PaymentRow;

// Payments as another version of the program would show them: an approval number begins with "#", a
// product name is shouted from the start, refunds are not counted, reservation 9 has moved to 1009.
struct OtherPayments : projections::Payments {
    using Payments::apply;
    template <class E>
    static std::optional<std::string> key(const E& event) {
        const auto id = prereservation::reservation_of_order(event.order);
        if (id && *id == 9) return projections::number_key(1009);
        return Payments::key(event);
    }
    static void apply(PaymentRow& row, const payment::PaymentRequested& e, Instant at) {
        Payments::apply(row, e, at);
        if (row.id == 18) row.product_name += "!";
    }
    static void apply(PaymentRow& row, const payment::PaymentCompleted& e, Instant at) {
        Payments::apply(row, e, at);
        if (row.id == 27) row.approval_no = "#" + row.approval_no.value_or("");
    }
    static void apply(PaymentRow& row, const payment::PaymentCancelled& e, Instant at) {
        Payments::apply(row, e, at);
        if (row.id == 4) row.refunded = {};
    }
};

class DryRunTest : public FolderTest {
  protected:
    DryRun dry() {
        const auto live = RawViews::open(data() / "views");
        log_ = *open_log(data());
        const projections::ViewOf<OtherPayments> view;
        auto run = dry_run(*log_, live->get(), data() / "views.dry-run-test", view, {}, 20);
        EXPECT_TRUE(run.has_value()) << run.error().detail;
        return *std::move(run);
    }
    static const Difference* find(const DryRun& run, std::string_view what) {
        const auto& samples = run.comparison.samples;
        const auto found = std::ranges::find(samples, what, &Difference::what);
        return found == samples.end() ? nullptr : &*found;
    }
    // The position of the event of a payment with this type.
    eventstore::Position position_of(std::int64_t reservation, std::string_view type) const {
        eventstore::StreamQuery query;
        query.stream = fmt::format("payment.payment-{}", prereservation::order_of(reservation));
        for (const auto& event : log_->read_stream(query)->events)
            if (event->data.type == type) return event->position;
        return 0;
    }

  private:
    std::unique_ptr<eventstore::RocksStore> log_;
};

TEST_F(DryRunTest, names_the_first_event_of_each_difference) {
    const auto run = dry();
    EXPECT_FALSE(run.comparison.same());
    EXPECT_EQ(run.comparison.rows_added, 1U);
    EXPECT_EQ(run.comparison.rows_removed, 1U);
    EXPECT_EQ(run.comparison.rows_changed, 3U);

    const auto* const added = find(run, "row 1009");
    ASSERT_TRUE(added && added->first);
    EXPECT_EQ(added->kind, Difference::Kind::added);
    EXPECT_EQ(added->first->position, position_of(9, payment::PaymentRequested::type));
    EXPECT_EQ(added->first->version, 1U);
    const auto* const removed = find(run, "row 9");
    ASSERT_TRUE(removed);
    EXPECT_EQ(removed->kind, Difference::Kind::removed);
    EXPECT_FALSE(removed->first.has_value()) << "no event makes it any more";

    // Never as it is live: by the event that set it.
    const auto* const shouted = find(run, "row 18");
    ASSERT_TRUE(shouted);
    ASSERT_EQ(shouted->changes.size(), 1U);
    EXPECT_EQ(shouted->changes[0].field, "productName");
    ASSERT_TRUE(shouted->changes[0].first.has_value());
    EXPECT_EQ(shouted->changes[0].first->position,
              position_of(18, payment::PaymentRequested::type));

    // null in an empty row and after the first event: the approval set it.
    const auto* const approved = find(run, "row 27");
    ASSERT_TRUE(approved);
    ASSERT_EQ(approved->changes.size(), 1U);
    EXPECT_EQ(approved->changes[0].live, "\"A1\"");
    EXPECT_EQ(approved->changes[0].rebuilt, "\"#A1\"");
    ASSERT_TRUE(approved->changes[0].first.has_value());
    EXPECT_EQ(approved->changes[0].first->type, payment::PaymentCompleted::type);
}

// What the rule says, on values by hand: 5 is live, the rebuilt row ends with another value.
TEST_F(DryRunTest, a_difference_begins_after_the_last_event_that_left_the_field_equal) {
    const auto run = dry();
    const auto* const refunded = find(run, "row 4 (cancelled)");
    ASSERT_TRUE(refunded);
    ASSERT_EQ(refunded->changes.size(), 1U);
    EXPECT_EQ(refunded->changes[0].field, "refunded");
    EXPECT_EQ(refunded->changes[0].rebuilt, "0");
    // It never was the live value, and no event set it: it is the row's first event.
    ASSERT_TRUE(refunded->changes[0].first.has_value());
    EXPECT_EQ(refunded->changes[0].first->position,
              position_of(4, payment::PaymentRequested::type));

    // The live row says payment_requested; the log goes on to paid and cancelled.
    auto log = open_log(data());
    std::vector<Difference> differences{
        {.what = "row 4",
         .changes = {{"status", "\"payment_requested\"", "", {}}, {"status", "\"paid\"", "", {}}},
         .key = projections::number_key(4)}};
    const auto& view = *tests::find_view("payments");
    ASSERT_TRUE(name_first_events(**log, view, (*log)->head(), {}, differences).has_value());
    const auto& changes = differences[0].changes;
    EXPECT_EQ(changes[0].first->position, position_of(4, payment::PaymentCompleted::type));
    EXPECT_EQ(changes[1].first->position,
              position_of(4, payment::PaymentCancellationRequested::type));
}

}  // namespace
}  // namespace yeyak::tools::testing
