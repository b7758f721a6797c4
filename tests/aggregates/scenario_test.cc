// A scenario that fails says where the test is, what was given and done, and what came of it.
#include "tests/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <functional>

#include "aggregates/payment/payment.h"
#include "aggregates/prereservation/checkout.h"
#include "tests/aggregates/prereservation_samples.h"

namespace yeyak::tests {
namespace {

using namespace payment;
using testing::EndsWith;
using testing::HasSubstr;
using testing::TestPartResult;

// The failures of `scenario`, which are not failures of the test that looks at them.
std::vector<TestPartResult> failures_of(const std::function<void()>& scenario) {
    testing::TestPartResultArray seen;
    {
        const testing::ScopedFakeTestPartResultReporter reporter{&seen};
        scenario();
    }
    std::vector<TestPartResult> found;
    for (int i = 0; i < seen.size(); ++i) found.push_back(seen.GetTestPartResult(i));
    return found;
}

// One failure, within the statement of the scenario: compilers differ in which of its lines they
// take.
void expect_one(const std::vector<TestPartResult>& found, int first_line, int last_line,
                const std::vector<std::string>& told) {
    ASSERT_EQ(found.size(), 1);
    const auto& failure = found.front();
    EXPECT_TRUE(failure.nonfatally_failed());
    EXPECT_THAT(failure.file_name(), EndsWith("tests/aggregates/scenario_test.cc"));
    EXPECT_GE(failure.line_number(), first_line);
    EXPECT_LE(failure.line_number(), last_line);
    for (const auto& text : told) EXPECT_THAT(failure.message(), HasSubstr(text));
}

TEST(Scenario, that_holds_reports_nothing) {
    const auto found = failures_of([] {
        given<Payment>(payment_requested()).when(RecordApproval{"A-1", noon}).then(completed());
        given<Payment>(payment_requested()).when(AskAgain{1}).then_nothing();
        given<Payment>().when(RecordRefund{}).then_rejected(Rejection::payment_unknown);
    });
    EXPECT_EQ(found.size(), 0);
}

TEST(Scenario, names_the_line_the_history_the_command_and_both_outcomes) {
    const int line = __LINE__ + 2;
    const auto found = failures_of([] {
        given<Payment>(payment_requested()).when(RecordApproval{"A-1", noon}).then_nothing();
    });
    expect_one(found, line, line,
               {"expected nothing", "but got\n    payment.payment_completed.v1 {",
                "given\n    payment.payment_requested.v1 {", R"(when payment.record_approval {)",
                R"("approvalNo":"A-1")"});
}

TEST(Scenario, names_the_line_of_the_then_that_failed_of_several) {
    auto open = given<Payment>(payment_requested());
    const int line = __LINE__ + 3;
    const auto found = failures_of([&] {
        open.when(RecordApproval{"A-1", noon}).then(completed());
        open.when(RecordDecline{"limit"}).then(completed());
        open.when(AskAgain{1}).then_nothing();
    });
    expect_one(found, line, line,
               {"expected\n    payment.payment_completed.v1 {",
                "but got\n    payment.payment_declined.v1 {", "when payment.record_decline {"});
}

TEST(Scenario, prints_why_a_command_was_rejected) {
    const int line = __LINE__ + 2;
    const auto found =
        failures_of([] { given<Payment>().when(RecordApproval{"A-1", noon}).then(completed()); });
    expect_one(found, line, line, {"but got\n    rejected: payment_unknown", "given nothing"});
}

TEST(Scenario, tells_one_rejection_from_another_and_from_none) {
    const auto exists = Rejection::payment_exists;
    const int line = __LINE__ + 2;
    const auto other =
        failures_of([&] { given<Payment>().when(RecordRefund{}).then_rejected(exists); });
    expect_one(
        other, line, line + 1,
        {"expected\n    rejected: payment_exists", "but got\n    rejected: payment_unknown"});
    const auto none = failures_of(
        [&] { given<Payment>(payment_requested()).when(AskAgain{1}).then_rejected(exists); });
    expect_one(none, __LINE__ - 2, __LINE__ - 1, {"but got nothing"});
}

TEST(Scenario, of_a_saga_names_the_line_the_inputs_and_both_steps) {
    using prereservation::Checkout;
    const auto found = failures_of([] {
        given<Checkout>(requested())
            .when(Refused{"payment.request_payment", Ended::context_down})
            .then(prereservation::Completed{17}, {});
    });
    expect_one(found, __LINE__ - 4, __LINE__ - 2,
               {"given\n    prereservation.reservation_requested.v1 {",
                "when refused payment.request_payment: context_down", "but got\n    compensated {",
                "prereservation.cancel_reservation {"});
}

TEST(Scenario, of_a_saga_that_should_not_have_moved_names_its_line) {
    using prereservation::Checkout;
    const auto found =
        failures_of([] { given<Checkout>(requested()).when(completed()).then_nothing(); });
    expect_one(found, __LINE__ - 2, __LINE__ - 1, {"expected\n    nothing, and it stays paying {"});
}

}  // namespace
}  // namespace yeyak::tests
