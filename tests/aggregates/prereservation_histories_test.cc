// Thousands of seeded histories of several reservations at once: users, operators, crashes and a
// provider that treats every call as it likes, in any order and any grouping into batches. Then the
// faults stop, and everything must end well. A failure names its seed.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "tests/aggregates/world.h"

namespace yeyak::tests {
namespace {

constexpr std::array contexts{"payment", "receipt", "prereservation"};

class History {
  public:
    explicit History(std::uint64_t seed) : random_(seed) {
        faulty_ = pick(4) != 0;
        world_.fate = [this](const auto&) {
            return faulty_ ? all_fates[pick(std::size(all_fates))] : Fate::ok;
        };
    }

    std::string run() {
        const auto steps = 30 + pick(100);
        for (std::size_t i = 0; i < steps; ++i) step();
        faulty_ = false;
        for (const auto* context : contexts) world_.submit_context(context, ContextState::up);
        world_.settle();
        return world_.disagreement();
    }

  private:
    std::size_t pick(std::size_t below) { return random_() % below; }

    void step() {
        switch (pick(16)) {
            case 0:
            case 1:
                world_.submit_reserve();
                break;
            case 2:
                world_.submit_cancel(static_cast<std::int64_t>(1 + pick(5)));
                break;
            case 3:
                world_.submit_context(contexts[pick(3)],
                                      pick(2) == 0 ? ContextState::down : ContextState::up);
                break;
            case 4:
                if (pick(3) == 0) world_.restart();
                break;
            case 5:
            case 6:
            case 7:
                world_.call_provider(pick(4));
                break;
            case 8:
                repeat_an_answer();
                break;
            case 9:
            case 10:
                world_.submit_answer();
                break;
            case 11:
                if (pick(2) == 0) world_.wait_for_timer();
                world_.submit_timer();
                break;
            case 12:
                world_.submit_drains();
                break;
            default:
                world_.run_batch();
        }
    }

    // Answers come twice, and in another order.
    void repeat_an_answer() {
        auto& answers = world_.answers;
        if (answers.empty()) return;
        const auto copy = answers[pick(answers.size())];
        if (pick(2) == 0) answers.push_back(copy);
        std::swap(answers.front(), answers.back());
    }

    std::mt19937_64 random_;
    World world_;
    bool faulty_ = true;
};

TEST(RandomHistories, all_end_well) {
    auto before = World::seen();
    for (std::uint64_t seed = 1; seed <= 4000; ++seed)
        ASSERT_EQ(History{seed}.run(), "") << "seed " << seed;
    const auto more = [&](const std::string& what) { return World::seen()[what] - before[what]; };
    EXPECT_GT(more("completed"), 4000);
    EXPECT_GT(more("compensated"), 8000);
    EXPECT_GT(more("restart"), 2000);
    EXPECT_GT(more("answer payment.record_approval"), 4000);
    EXPECT_GT(more("answer payment.record_unknown"), 4000);
    EXPECT_GT(more("answer payment.record_refund_failure"), 400);
    EXPECT_GT(more("drain payment"), 500);
    EXPECT_GT(more("drain receipt"), 500);
    EXPECT_GT(more("drain prereservation"), 500);
    EXPECT_GT(more("timer"), 3000);
}

TEST(RandomHistories, are_the_same_for_the_same_seed) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        std::array<std::map<std::string, int>, 2> seen;
        for (auto& counts : seen) {
            World::seen().clear();
            EXPECT_EQ(History{seed}.run(), "");
            counts = World::seen();
        }
        EXPECT_EQ(seen[0], seen[1]) << "seed " << seed;
    }
}

}  // namespace
}  // namespace yeyak::tests
