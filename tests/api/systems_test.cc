// What the server makes of the list of systems.
#include <gtest/gtest.h>

#include "server/platform.h"

namespace yeyak::server {
namespace {

TEST(Systems, that_take_money_have_a_payment_desk_of_their_own) {
    const SystemRules systems[] = {
        {"market", nullptr, {"market.payment"}}, {"clinic", nullptr}, {"shop", nullptr, {"pay"}}};
    const projections::Views no_views;
    const auto desks = payment_desks({systems, no_views, {}});
    EXPECT_EQ(desks.contexts(), (std::vector<std::string>{"market.payment", "pay"}));
    EXPECT_EQ(desks.of("market-1-2"), "market.payment");
    EXPECT_EQ(desks.of("shop-1"), "pay");
    EXPECT_DEATH(desks.of("clinic-1"), "begins with a system's prefix");
}

}  // namespace
}  // namespace yeyak::server
