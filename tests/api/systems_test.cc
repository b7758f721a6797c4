// What the server makes of the list of systems.
#include <gtest/gtest.h>

#include "server/system_rules.h"

namespace yeyak::server {
namespace {

TEST(Systems, that_take_money_have_a_payment_desk_of_their_own) {
    const SystemRules systems[] = {
        {"market", "market.payment", nullptr}, {"clinic", "", nullptr}, {"shop", "pay", nullptr}};
    const auto desks = payment_desks(systems);
    EXPECT_EQ(desks.contexts(), (std::vector<std::string>{"market.payment", "pay"}));
    EXPECT_EQ(desks.of("market-1-2"), "market.payment");
    EXPECT_EQ(desks.of("shop-1"), "pay");
    EXPECT_DEATH(desks.of("clinic-1"), "begins with a system's prefix");
}

}  // namespace
}  // namespace yeyak::server
