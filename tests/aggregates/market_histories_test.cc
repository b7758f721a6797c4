// Seeded histories of a small market: users who want the same few products, operators, crashes, a
// provider that treats every call as it likes, in any order and any grouping into batches. Then the
// faults stop, and everything must end well (invariants 3 and 6 of the domain). A failure names its
// seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "tests/aggregates/market_world.h"

namespace yeyak::tests {
namespace {

constexpr std::array contexts{"product", "market.reservation", "market.payment", "notice"};
constexpr std::size_t products = 3;

class MarketHistory {
  public:
    explicit MarketHistory(std::uint64_t seed) : random_(seed) {
        faulty_ = pick(4) != 0;
        world_.fate = [this](const auto&) {
            return faulty_ ? all_fates[pick(std::size(all_fates))] : Fate::ok;
        };
        for (std::size_t i = 0; i < products; ++i)
            world_.sell(i == 2 ? 0 : 1000 + static_cast<std::int64_t>(i));
    }

    std::string run() {
        const auto steps = 30 + pick(120);
        for (std::size_t i = 0; i < steps; ++i) {
            step();
            if (auto text = world_.held_twice(); !text.empty()) return text;
        }
        faulty_ = false;
        for (const auto* context : contexts) world_.submit_context(context, ContextState::up);
        world_.settle();
        return world_.disagreement();
    }

  private:
    std::size_t pick(std::size_t below) { return random_() % below; }
    std::int64_t some_product() { return 1 + static_cast<std::int64_t>(pick(products)); }
    // Mostly one of the newest.
    std::int64_t some_reservation() {
        while (world_.reservation(made_ + 1) != "none") ++made_;
        return std::max<std::int64_t>(1, made_ - static_cast<std::int64_t>(pick(4)));
    }
    // The next question to the provider or, rarely, the next expiry.
    bool time_passes() {
        const bool soon =
            !world_.timers.empty() && world_.timers.begin()->second.due < world_.now + 5 * 60'000;
        return (soon || pick(8) == 0) && world_.wait_for_timer();
    }

    void step() {
        switch (pick(18)) {
            case 0:
            case 1:
            case 2:
                world_.submit_reserve(some_product());
                break;
            case 3:
                world_.submit_cancel(some_reservation());
                break;
            case 4:
            case 5:
            case 16:
                world_.submit_pay(some_reservation());
                break;
            case 6:
                world_.submit_context(contexts[pick(contexts.size())],
                                      pick(2) == 0 ? ContextState::down : ContextState::up);
                break;
            case 7:
                if (pick(3) == 0) world_.restart();
                break;
            case 8:
            case 9:
            case 10:
                world_.call_provider(pick(4));
                break;
            case 11:
            case 12:
                world_.submit_answer();
                break;
            case 13:
                if (pick(2) == 0) time_passes();
                world_.submit_timer();
                break;
            case 14:
                world_.submit_drains();
                break;
            default:
                world_.run_batch();
        }
    }

    std::mt19937_64 random_;
    MarketWorld world_;
    std::int64_t made_ = 0;  // reservations so far
    bool faulty_ = true;
};

TEST(MarketHistories, all_end_well) {
    auto before = World::seen();
    for (std::uint64_t seed = 1; seed <= 3000; ++seed)
        ASSERT_EQ(MarketHistory{seed}.run(), "") << "seed " << seed;
    const auto more = [&](const std::string& what) { return World::seen()[what] - before[what]; };
    EXPECT_GT(more("market completed"), 1000);
    EXPECT_GT(more("market compensated"), 3000);
    EXPECT_GT(more("restart"), 1500);
    EXPECT_GT(more("answer payment.record_approval"), 2000);
    EXPECT_GT(more("answer payment.record_unknown"), 1000);
    EXPECT_GT(more("answer payment.record_refund_failure"), 100);
    EXPECT_GT(more("drain product"), 150);
    EXPECT_GT(more("drain market.payment"), 150);
    EXPECT_GT(more("drain market.reservation"), 30);  // only an expiry waits for it
}

// One day with a crash at every moment in it: the end is the same (invariant 6).
TEST(MarketHistories, a_crash_changes_nothing) {
    const auto day = [](int crash_at) {
        MarketWorld world;
        int moment = 0;
        const auto then = [&](const std::string& answer) {
            if (moment++ == crash_at) world.restart();
            return answer;
        };
        const auto calm = [&] {
            if (moment++ == crash_at) world.restart();
            world.rest();
        };
        std::string answers;
        for (int i = 0; i < 3; ++i) answers += then(world.sell()) + ' ';
        answers += then(world.reserve(3)) + ' ' + then(world.reserve(2)) + ' ';
        answers += then(world.reserve(3)) + ' ' + then(world.pay(1)) + ' ';
        calm();
        world.down("product");
        answers += then(world.reserve(1)) + ' ' + then(world.pay(2)) + ' ';
        calm();
        world.up("product");
        calm();
        answers += then(world.cancel(2)) + ' ' + then(world.reserve(1)) + ' ';
        calm();
        EXPECT_EQ(world.product(1), "02");
        world.settle();
        EXPECT_EQ(world.disagreement(), "");
        for (std::int64_t i = 1; i <= 3; ++i)
            answers += world.product(i) + ' ' + world.reservation(i) + ' ' + world.bill(i) + ' ' +
                       std::to_string(world.kept(i)) + ' ';
        EXPECT_GT(moment, crash_at);
        return answers;
    };
    const auto calm_day = day(-1);
    EXPECT_EQ(calm_day,
              "ok ok ok ok ok product_not_available ok context_down ok ok ok "
              "01 01 02 4500 01 02 closed 0 soldOut 02 closed 0 ");
    for (int moment = 0; moment < 15; ++moment) EXPECT_EQ(day(moment), calm_day) << moment;
}

}  // namespace
}  // namespace yeyak::tests
