// Seeded histories of several people, few places and few doses: people, the hospital, operators and
// crashes in any order and any grouping into batches. Invariant 2 holds at every moment, and when
// the faults stop everything ends well. A failure names its seed.
#include <gtest/gtest.h>

#include <random>

#include "tests/aggregates/vaccination_world.h"

namespace yeyak::tests::vaccines {
namespace {

class History {
  public:
    explicit History(std::uint64_t seed, bool crashes_lose = true)
        : random_(seed), clinic_(1 + static_cast<std::int64_t>(pick(4))), lose_(crashes_lose) {}

    std::string run() {
        const auto steps = 30 + pick(100);
        for (std::size_t i = 0; i < steps; ++i) step();
        clinic_.submit_all_up();
        if (!lose_) {
            for (int rounds = 0; rounds < 100; ++rounds) {
                drain();
                run_batch();
            }
        }
        clinic_.settle();
        return clinic_.wrong();
    }

    // The same people and operators; `crash` says whether the process dies after each batch.
    std::string run_with(bool crash) {
        crash_ = crash;
        const auto wrong = run();
        return wrong.empty() ? clinic_.outcomes() : wrong;
    }

  private:
    std::size_t pick(std::size_t below) { return random_() % below; }

    void run_batch() {
        clinic_.run_batch();
        if (crash_) clinic_.restart();
    }

    void step() {
        const auto who = static_cast<int>(pick(6));
        const auto user = static_cast<std::int64_t>(1 + pick(8));
        switch (pick(13)) {
            case 0:
            case 1:
            case 2:
                clinic_.submit_wish(who, static_cast<int>(1 + pick(2)), 3, random_());
                break;
            case 3:
                clinic_.submit_cancel_of_person(who);
                break;
            case 4:
                clinic_.submit_cancel_of(user);
                break;
            case 5:
                clinic_.submit_inject(user);
                break;
            case 6:
            case 7:
                clinic_.submit_context(contexts[pick(contexts.size())],
                                       pick(2) == 0 ? ContextState::down : ContextState::up);
                break;
            case 8:
                operate(user);
                break;
            case 9:
                if (lose_ && pick(3) == 0) clinic_.restart();
                break;
            case 10:
                drain();
                break;
            case 11:
                // At most a few days: afterwards other days are reserved.
                if (pick(2) == 0) clinic_.pass_days(1);
                if (pick(2) == 0)
                    clinic_.submit_close_days();
                else
                    clinic_.submit_no_show(user);
                break;
            default:
                run_batch();
        }
    }

    // Two histories are alike only when contexts catch up in the same order.
    void drain() {
        if (lose_) return void(clinic_.submit_drains());
        for (const auto& context : contexts)
            clinic_.submit(clinic_.engine->drain(context, clinic_.now));
    }

    // An operator has a saga go on, or undone.
    void operate(std::int64_t user) {
        const auto order = pick(3) == 0 ? SagaOrder::compensate : SagaOrder::retry;
        CommandWork request;
        request.decide = [user, order](Unit& unit) {
            return unit.operate(Booking::category, std::to_string(user), order);
        };
        clinic_.submit(std::move(request));
    }

    std::mt19937_64 random_;
    Clinic clinic_;
    bool lose_ = true;
    bool crash_ = false;
};

TEST(VaccinationHistories, all_end_well) {
    auto before = World::seen();
    for (std::uint64_t seed = 1; seed <= 1500; ++seed)
        ASSERT_EQ(History{seed}.run(), "") << "seed " << seed;
    const auto more = [&](const std::string& what) { return World::seen()[what] - before[what]; };
    EXPECT_GT(more("vaccination completed"), 1000);
    EXPECT_GT(more("vaccination compensated"), 1500);
    EXPECT_GT(more("vaccination injected"), 300);
    EXPECT_GT(more("restart"), 500);
    for (const auto& context : contexts) EXPECT_GT(more("drain " + context), 200) << context;
}

TEST(VaccinationHistories, a_process_that_dies_all_the_time_ends_as_one_that_never_does) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const auto calm = History{seed, false}.run_with(false);
        EXPECT_EQ((History{seed, false}.run_with(true)), calm) << "seed " << seed;
    }
}

}  // namespace
}  // namespace yeyak::tests::vaccines
