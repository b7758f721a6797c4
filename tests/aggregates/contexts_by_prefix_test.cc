// Which context an aggregate that systems share has for an id, and what is not taken.
#include "aggregates/engine/contexts_by_prefix.h"

#include <gtest/gtest.h>

#include "aggregates/payment/contract.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests {
namespace {

TEST(ContextsByPrefix, every_system_has_a_desk_of_its_own) {
    const ContextsByPrefix desks{{{"market-", "market.payment"}, {"phoneshop-", "pay"}}};
    EXPECT_EQ(desks.of("market-1"), "market.payment");
    EXPECT_EQ(desks.of("market-"), "market.payment");
    EXPECT_EQ(desks.of("phoneshop-17-2"), "pay");
    EXPECT_EQ(desks.contexts(), (std::vector<std::string>{"market.payment", "pay"}));
}

TEST(ContextsByPrefix, an_id_of_no_system_has_no_desk_and_not_that_of_another) {
    const ContextsByPrefix desks{{{"market-", "market.payment"}, {"phoneshop-", "pay"}}};
    for (const auto* id : {"library-1", "market", "marketing-1", "pay-1", "-", ""})
        EXPECT_DEATH(desks.of(id), "begins with a system's prefix") << id;
    EXPECT_DEATH(ContextsByPrefix{}.of("market-1"), "begins with a system's prefix");
}

TEST(ContextsByPrefix, an_id_belongs_to_one_system) {
    using Systems = std::vector<PrefixContext>;
    EXPECT_DEATH(ContextsByPrefix(Systems{{"a-", "x"}, {"a-", "y"}}), "belongs to one system");
    EXPECT_DEATH(ContextsByPrefix(Systems{{"a-b-", "x"}, {"a-", "y"}}), "belongs to one system");
    EXPECT_DEATH(ContextsByPrefix(Systems{{"a-", "x"}, {"a-b-", "y"}}), "belongs to one system");
    EXPECT_DEATH(ContextsByPrefix(Systems{{"", "x"}}), "has a prefix and a context");
    EXPECT_DEATH(ContextsByPrefix(Systems{{"a-", ""}}), "has a prefix and a context");
}

TEST(ContextsByPrefix, a_payment_of_no_installed_system_ends_the_process) {
    World world;
    const auto ask_of = [&](const std::string& id) {
        CommandWork request;
        request.now = world.now;
        request.decide = [id](Unit& unit) {
            return unit.execute<payment::Contract>(id, payment::CancelPayment{id, "test"});
        };
        return world.ask(std::move(request)).code();
    };
    EXPECT_EQ(ask_of("prereservation-1"), "ok");
    EXPECT_DEATH(ask_of("library-1"), "begins with a system's prefix");
}

}  // namespace
}  // namespace yeyak::tests
