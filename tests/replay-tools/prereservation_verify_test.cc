// `yeyak audit verify` on reservations and receipts that contradict each other (invariant 1).
#include "tests/replay-tools/raw_writer.h"
#include "tests/replay-tools/verify_fixture.h"

namespace yeyak::tools::testing {
namespace {

constexpr std::string_view check = "receipts of every reservation";
constexpr const char* reservation = "prereservation.reservation-900";
constexpr const char* receipt = "prereservation.receipt-900";

class ReceiptsTest : public VerifyTest {
  protected:
    void requested() {
        append(data(), reservation, "prereservation.reservation_requested.v1",
               R"({"id":900,"userId":1,"userAddress":"a","productId":1,"productName":"p",)"
               R"("price":5,"cardNo":"","cardToken":"","deliveryDays":21})");
    }
    void paid() {
        append(data(), "payment.payment-prereservation-900", "payment.payment_completed.v1",
               R"({"order":"prereservation-900","approvalNo":"A","captured":5,)"
               R"("paidAt":"2026-11-20T00:00:00Z"})");
    }
    void confirmed() {
        append(data(), reservation, "prereservation.reservation_confirmed.v1", R"({"id":900})");
    }
    void cancelled() {
        append(data(), reservation, "prereservation.reservation_cancelled.v1",
               R"({"id":900,"reason":"user_request"})");
    }
    void issued() {
        append(data(), receipt, "prereservation.receipt_issued.v2",
               R"({"id":900,"paidId":900,"preReservationId":900,"userId":1,"productId":1,)"
               R"("productName":"p","price":5,"expectedDeliveryAt":"2026-12-11"})");
    }
    void withdrawn() {
        append(data(), receipt, "prereservation.receipt_cancelled.v1",
               R"({"id":900,"preReservationId":900})");
    }
};

TEST_F(ReceiptsTest, in_good_order) {
    requested();
    paid();
    confirmed();
    issued();
    EXPECT_TRUE(whole(check));
    cancelled();
    withdrawn();
    EXPECT_TRUE(whole(check));
}
TEST_F(ReceiptsTest, a_confirmed_reservation_without_a_receipt) {
    requested();
    paid();
    confirmed();
    EXPECT_EQ(damaged(check).found, "no receipt");
}
TEST_F(ReceiptsTest, a_receipt_of_a_cancelled_reservation) {
    requested();
    paid();
    confirmed();
    issued();
    cancelled();
    const auto first = damaged(check);
    EXPECT_EQ(first.found, "a receipt");
    EXPECT_EQ(first.stream, reservation);
}
TEST_F(ReceiptsTest, a_confirmation_without_a_payment) {
    requested();
    confirmed();
    issued();
    EXPECT_EQ(damaged(check).stream, reservation);
}

}  // namespace
}  // namespace yeyak::tools::testing
