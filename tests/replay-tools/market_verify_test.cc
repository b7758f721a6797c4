// `yeyak audit verify` on a market whose events contradict each other: a product is held by one
// reservation at most (invariant 3).
#include <fmt/format.h>

#include "kernel/events.h"
#include "tests/aggregates/market_samples.h"
#include "tests/replay-tools/raw_writer.h"
#include "tests/replay-tools/verify_fixture.h"

namespace yeyak::tools::testing {
namespace {

using namespace market;
using namespace yeyak::tests;

class MarketVerifyTest : public VerifyTest {
  protected:
    template <class Event>
    void add(const std::string& stream, const Event& event) {
        append(data(), stream, std::string{type_of(event)}, encode_event(event));
    }
    void product(const ProductEvent& event) { add("market.product-3", event); }
    void reservation(std::int64_t id, const ReservationEvent& event) {
        add(fmt::format("market.reservation-{}", id), event);
    }
    // Product 3, reserved by 17.
    void reserved() {
        product(coffee());
        product(ProductReserved{3, 17});
        reservation(17, coffee_reserved(17));
    }
    Finding found() { return damaged("one reservation for a product"); }
};

TEST_F(MarketVerifyTest, what_is_in_order) {
    reserved();
    product(ProductSold{3, 17});
    reservation(17, coffee_cancelled(CancelReason::user_request));
    product(ProductReleased{3, 17});
    product(ProductReserved{3, 18});
    reservation(18, coffee_reserved(18));
    const auto verified = run();
    for (const auto& one : verified.checks)
        if (one.check->name() == "one reservation for a product") {
            EXPECT_TRUE(one.check->ok());
            EXPECT_EQ(one.check->count(), 2u);
        }
}
TEST_F(MarketVerifyTest, second_reservation_of_a_product) {
    reserved();
    reservation(18, coffee_reserved(18));
    EXPECT_EQ(found().stream, "market.reservation-18");
}
TEST_F(MarketVerifyTest, reservation_of_a_product_that_is_not_held_for_it) {
    product(coffee());
    product(ProductReserved{3, 16});
    reservation(17, coffee_reserved(17));
    EXPECT_EQ(found().stream, "market.reservation-17");
}
TEST_F(MarketVerifyTest, product_that_is_held_twice) {
    reserved();
    product(ProductReserved{3, 18});
    EXPECT_EQ(found().version, 3u);
}
TEST_F(MarketVerifyTest, product_that_is_sold_to_somebody_else) {
    reserved();
    product(ProductSold{3, 18});
    EXPECT_EQ(found().version, 3u);
}
TEST_F(MarketVerifyTest, product_that_is_released_under_a_reservation) {
    reserved();
    product(ProductReleased{3, 17});
    EXPECT_EQ(found().version, 3u);
}

}  // namespace
}  // namespace yeyak::tools::testing
