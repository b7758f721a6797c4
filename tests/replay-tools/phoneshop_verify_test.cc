// `yeyak audit verify` on a phone shop whose events contradict each other (invariant 5).
#include "tests/replay-tools/raw_writer.h"
#include "tests/replay-tools/verify_fixture.h"

namespace yeyak::tools::testing {
namespace {

constexpr std::string_view check = "phones ship when they are paid";

class PhoneShopTest : public VerifyTest {
  protected:
    void say(const std::string& stream, std::string_view type, const std::string& more = "") {
        append(data(), stream, type, R"({"id":1)" + more + "}");
    }
    void placed() {
        say("phoneshop.order-1", "phoneshop.order_placed.v1",
            R"(,"item":"a","qty":1,"store":"","address":"","price":5,"cardNo":"",)"
            R"("cardToken":"","shippingDelayMs":1)");
    }
    void captured() {
        append(data(), "payment.payment-phoneshop-1", "payment.payment_requested.v1",
               R"({"order":"phoneshop-1","number":1,"price":5,"cardToken":"","cardNo":"",)"
               R"("userId":0,"productId":0,"productName":"a"})");
        append(data(), "payment.payment-phoneshop-1", "payment.payment_completed.v1",
               R"({"order":"phoneshop-1","approvalNo":"A","captured":5,)"
               R"("paidAt":"2026-11-20T00:00:00Z"})");
    }
    void paid() {
        say("phoneshop.order-1", "phoneshop.order_paid.v1", R"(,"paidAt":"2026-11-20T00:00:00Z")");
    }
    void shipped() { say("phoneshop.order-1", "phoneshop.order_shipped.v1"); }
    void cancelled() { say("phoneshop.order-1", "phoneshop.order_cancelled.v1"); }
    void received() {
        say("phoneshop.store_order-1", "phoneshop.order_received.v1",
            R"(,"item":"a","qty":1,"store":"","address":"","price":5,)"
            R"("packedBy":"2026-11-20T00:00:00Z")");
    }
    void parcel() {
        say("phoneshop.store_order-1", "phoneshop.parcel_shipped.v1",
            R"(,"item":"a","address":"")");
    }
    void expect_found(const std::string& stream, std::string_view type) {
        const auto first = damaged(check);
        EXPECT_EQ(first.stream, stream);
        EXPECT_EQ(first.found, type);
    }
};

TEST_F(PhoneShopTest, a_sale_in_good_order) {
    placed();
    captured();
    paid();
    received();
    shipped();
    parcel();
    EXPECT_TRUE(run().ok());
}
TEST_F(PhoneShopTest, a_payment_without_an_order) {
    captured();
    expect_found("payment.payment-phoneshop-1", "payment.payment_requested.v1");
}
TEST_F(PhoneShopTest, an_order_that_is_paid_with_nothing) {
    placed();
    paid();
    expect_found("phoneshop.order-1", "phoneshop.order_paid.v1");
}
TEST_F(PhoneShopTest, a_store_that_has_an_unpaid_order) {
    placed();
    received();
    expect_found("phoneshop.store_order-1", "phoneshop.order_received.v1");
}
TEST_F(PhoneShopTest, an_order_that_ships_unpaid) {
    placed();
    shipped();
    expect_found("phoneshop.order-1", "phoneshop.order_shipped.v1");
}
TEST_F(PhoneShopTest, a_parcel_that_ships_without_the_orders_word) {
    placed();
    captured();
    paid();
    received();
    parcel();
    expect_found("phoneshop.store_order-1", "phoneshop.parcel_shipped.v1");
}
TEST_F(PhoneShopTest, an_order_that_ships_and_is_cancelled) {
    placed();
    captured();
    paid();
    shipped();
    cancelled();
    expect_found("phoneshop.order-1", "phoneshop.order_cancelled.v1");
}
TEST_F(PhoneShopTest, an_order_that_is_cancelled_and_ships) {
    placed();
    captured();
    paid();
    cancelled();
    shipped();
    expect_found("phoneshop.order-1", "phoneshop.order_shipped.v1");
}

}  // namespace
}  // namespace yeyak::tools::testing
