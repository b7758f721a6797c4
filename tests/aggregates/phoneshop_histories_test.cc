// Random histories of several orders (RapidCheck): customers, operators, crashes and a provider
// that treats every call as it likes. Invariant 5 holds at every moment and when all is quiet;
// invariant 6: processes that are killed in between end as they would have ended anyway.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <iostream>

#include "tests/aggregates/phoneshop_world.h"

namespace yeyak::tests::phones {
namespace {

constexpr std::array contexts{"app", "pay", "store"};

// A step of a history: what happens, and to which order, context or call.
using Step = std::pair<std::uint8_t, std::uint8_t>;

ContextState state_of(std::uint8_t which) {
    return which & 4 ? ContextState::down : ContextState::up;
}

std::vector<Step> some_steps() {
    return *rc::gen::resize(
        150, rc::gen::container<std::vector<Step>>(rc::gen::pair(
                 rc::gen::inRange<std::uint8_t>(0, 20), rc::gen::arbitrary<std::uint8_t>())));
}

// Anything at any time; several things may share a batch.
void happen(Shop& shop, const Step& step) {
    const auto [what, which] = step;
    switch (what) {
        case 0:
        case 1:
            shop.submit_order();
            break;
        case 2:
        case 3:
            shop.submit_cancel_of(1 + which % 5);
            break;
        case 4:
            shop.submit_receive(1 + which % 5);
            break;
        case 5:
            shop.submit_context(contexts[which % 3], state_of(which));
            break;
        case 6:
            if (which % 3 == 0) shop.restart();
            break;
        case 7:
        case 8:
            shop.call_provider(which);
            break;
        case 9:
        case 10:
            shop.submit_answer();
            break;
        case 11:
            if (which % 2 == 0) shop.wait_for_timer();
            shop.submit_timer();
            break;
        case 12:
            shop.submit_drains();
            break;
        case 13:
            shop.submit_all_up();
            shop.submit_cancel_of(1 + which % 5);
            break;
        case 14:
            shop.submit_operator(1 + which % 5,
                                 which & 8 ? SagaOrder::retry : SagaOrder::compensate);
            break;
        default:
            shop.run_batch();
    }
}

void anything_ends_well() {
    const auto fates = *rc::gen::container<std::vector<std::uint8_t>>(
        20, rc::gen::inRange<std::uint8_t>(0, std::size(all_fates)));
    std::size_t calls = 0;
    bool faulty = true;
    Shop shop;
    shop.fate = [&](const auto&) {
        return faulty ? all_fates[fates[calls++ % fates.size()]] : Fate::ok;
    };
    for (const auto& step : some_steps()) happen(shop, step);
    RC_ASSERT(shop.wrong_so_far() == "");
    faulty = false;
    shop.submit_all_up();
    shop.settle();
    RC_ASSERT(shop.wrong() == "");
}

TEST(PhoneHistories, all_end_well) {
    auto before = World::seen();
    // A thousand different histories: rc::check() in a loop would repeat the same hundred.
    auto thousand = rc::detail::configuration().testParams;
    thousand.maxSuccess = 1000;
    const auto result =
        rc::detail::checkTestable(&anything_ends_well, rc::detail::TestMetadata{}, thousand);
    rc::detail::printResultMessage(result, std::cerr);
    EXPECT_TRUE(result.is<rc::detail::SuccessResult>());
    const auto more = [&](const std::string& what) { return World::seen()[what] - before[what]; };
    EXPECT_GT(more("completed"), 500);
    EXPECT_GT(more("compensated"), 2000);
    EXPECT_GT(more("restart"), 200);
    EXPECT_GT(more("answer payment.record_unknown"), 500);
    EXPECT_GT(more("answer payment.record_refund_failure"), 20);
    for (const auto* context : contexts) EXPECT_GT(more(std::string{"drain "} + context), 20);
}

// Finishes what there is to do; before each move a kill, if the plan says so.
class Life {
  public:
    explicit Life(std::vector<std::uint8_t> kills) : kills_(std::move(kills)) {}

    void settle(Shop& shop) {
        for (;;) {
            if (!kills_.empty() && kills_[moves_++ % kills_.size()] == 3) shop.restart();
            if (shop.submit_drains() || shop.submit_answer() || shop.submit_timer())
                shop.run_batch();
            else if (!shop.call_provider() && !shop.wait_for_timer())
                return;
        }
    }

  private:
    std::vector<std::uint8_t> kills_;
    std::size_t moves_ = 0;
};

std::string life_of(const std::vector<Step>& steps, Life life) {
    Shop shop;
    // By order, so that a call that is made again has the same fate.
    shop.fate = [](const payment::Effect& effect) {
        const auto* charge = std::get_if<payment::Charge>(&effect);
        if (!charge) return Fate::ok;
        constexpr std::array fates{Fate::ok, Fate::ok, Fate::refused, Fate::failed, Fate::lost};
        return fates[(charge->key.back() - '0') % fates.size()];
    };
    for (const auto& [what, which] : steps) {
        switch (what % 4) {
            case 0:
                shop.order();
                break;
            case 1:
                shop.cancel_order(1 + which % 5);
                break;
            default:
                shop.submit_context(contexts[which % 3], state_of(which));
                shop.run_batch();
        }
        life.settle(shop);
    }
    shop.submit_all_up();
    shop.run_batch();
    life.settle(shop);
    RC_ASSERT(shop.wrong() == "");
    return shop.outcomes();
}

RC_GTEST_PROP(PhoneHistories, end_alike_with_and_without_kills, ()) {
    const auto steps = some_steps();
    const auto kills =
        *rc::gen::container<std::vector<std::uint8_t>>(31, rc::gen::inRange<std::uint8_t>(0, 4));
    RC_ASSERT(life_of(steps, Life{kills}) == life_of(steps, Life{{}}));
}

}  // namespace
}  // namespace yeyak::tests::phones
