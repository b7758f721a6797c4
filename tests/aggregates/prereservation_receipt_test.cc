// Every rule of a receipt.
#include "aggregates/prereservation/receipt.h"

#include "tests/aggregates/prereservation_samples.h"
#include "tests/scenario.h"

namespace yeyak::prereservation {
namespace {

using namespace tests;

const IssueReceipt issue{tests::receipt()};
const CancelReceipt cancel{17};
const ReceiptCancelled withdrawn{17, 17};

TEST(Receipt, is_issued_once_PRE_F3) {
    given<Receipt>().when(issue).then(tests::receipt());
    given<Receipt>(tests::receipt()).when(issue).then_nothing();
}
TEST(Receipt, with_other_contents_is_refused) {
    auto other = issue;
    other.receipt.expected_delivery_at = other.receipt.expected_delivery_at + 1;
    given<Receipt>(tests::receipt()).when(other).then_rejected(ReceiptRejection::receipt_exists);
}
TEST(Receipt, is_withdrawn_with_the_reservation_PRE_F5) {
    given<Receipt>(tests::receipt()).when(cancel).then(withdrawn);
    given<Receipt>(tests::receipt(), withdrawn).when(cancel).then_nothing();
}
TEST(Receipt, cancelled_before_it_was_issued_is_never_issued) {
    given<Receipt>().when(cancel).then(withdrawn);
    given<Receipt>(withdrawn).when(issue).then_rejected(ReceiptRejection::receipt_withdrawn);
    given<Receipt>(withdrawn).when(cancel).then_nothing();
}
TEST(Receipt, withdrawn_is_for_ever) {
    given<Receipt>(tests::receipt(), withdrawn)
        .when(issue)
        .then_rejected(ReceiptRejection::receipt_withdrawn);
}

TEST(Receipt, the_first_shape_promised_three_weeks_PRE_X5) {
    const auto new_year = *parse_date("2021-01-31");
    const auto read = ReceiptIssued::upcast({17, 17, 1, 1, "fold", price, new_year});
    EXPECT_EQ(to_text(read.expected_delivery_at), "2021-02-21");
    EXPECT_EQ(read.paid_id, 17);
}

}  // namespace
}  // namespace yeyak::prereservation
