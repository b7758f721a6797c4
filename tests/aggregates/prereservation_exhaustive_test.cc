// One pre-reservation, everything that can happen to it: each fate of the charge, of the questions
// about it and of the refund; and between any two batches a crash, a user who cancels, a context
// that stops or comes back. Once the faults stop it always ends completed or compensated, and the
// money adds up.
#include <gtest/gtest.h>

#include "kernel/match.h"
#include "tests/aggregates/prereservation_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests {
namespace {

enum class Happening {
    nothing,
    restart,
    cancel,
    payment_down,
    receipt_down,
    prereservation_down,
    all_up,
    all_up_and_cancel,  // in one batch
};
constexpr int happenings = 8;
constexpr int moments = 9;

void all_up(World& world) {
    for (const auto* context : {"payment", "receipt", "prereservation"})
        world.submit_context(context, ContextState::up);
}

void happen(World& world, Happening happening) {
    switch (happening) {
        case Happening::nothing:
            return;
        case Happening::restart:
            return world.restart();
        case Happening::cancel:
            world.cancel(1);
            return;
        case Happening::payment_down:
            return world.down("payment");
        case Happening::receipt_down:
            return world.down("receipt");
        case Happening::prereservation_down:
            return world.down("prereservation");
        case Happening::all_up:
            all_up(world);
            return world.run_batch();
        case Happening::all_up_and_cancel:
            all_up(world);
            world.submit_cancel(1);
            return world.run_batch();
    }
}

struct Plan {
    Fate charge = Fate::ok;
    Fate settle = Fate::ok;
    Fate refund = Fate::ok;
    int first_at = 0;
    Happening first = Happening::nothing;
    int second_at = 0;
    Happening second = Happening::nothing;
};

std::ostream& operator<<(std::ostream& out, const Plan& plan) {
    return out << "charge " << int(plan.charge) << ", settle " << int(plan.settle) << ", refund "
               << int(plan.refund) << ", then " << int(plan.first) << " at " << plan.first_at
               << ", " << int(plan.second) << " at " << plan.second_at;
}

// Every kind of call has its fate twice, then it succeeds.
std::function<Fate(const payment::Effect&)> fates(const Plan& plan) {
    return [plan, left = std::array{1, 2, 2}](const payment::Effect& effect) mutable {
        if (left[effect.index()]-- <= 0) return Fate::ok;
        return match<Fate>(effect)([&](const payment::Charge&) { return plan.charge; },
                                   [&](const payment::SettleCharge&) { return plan.settle; },
                                   [&](const payment::Refund&) { return plan.refund; });
    };
}

void run(const Plan& plan) {
    World world;
    world.fate = fates(plan);
    world.reserve();
    for (int moment = 0; moment < moments; ++moment) {
        if (moment == plan.first_at) happen(world, plan.first);
        if (moment == plan.second_at) happen(world, plan.second);
        if (world.submit_drains() || world.submit_answer() || world.submit_timer())
            world.run_batch();
        else if (!world.call_provider())
            world.wait_for_timer();
    }
    all_up(world);
    world.settle();
    ASSERT_EQ(world.disagreement(), "") << plan;
}

TEST(EveryCheckout, ends_well_whatever_happens_once) {
    int runs = 0;
    for (const auto charge : all_fates)
        for (const auto settle : {Fate::ok, Fate::lost, Fate::nothing, Fate::late, Fate::twice})
            for (const auto refund : {Fate::ok, Fate::nothing, Fate::lost, Fate::late, Fate::twice})
                for (int happening = 1; happening < happenings; ++happening)
                    for (int moment = 0; moment < moments; ++moment) {
                        Plan plan{charge, settle, refund};
                        plan.first = static_cast<Happening>(happening);
                        plan.first_at = moment;
                        run(plan);
                        if (testing::Test::HasFatalFailure()) return;
                        ++runs;
                    }
    RecordProperty("runs", runs);
    EXPECT_EQ(runs, 7 * 5 * 5 * 7 * 9);
}

TEST(EveryCheckout, ends_well_whatever_happens_twice) {
    auto before = World::seen();
    int runs = 0;
    for (const auto charge : {Fate::ok, Fate::refused, Fate::lost, Fate::nothing, Fate::late})
        for (int first = 1; first < happenings; ++first)
            for (int second = 1; second < happenings; ++second)
                for (int from = 0; from < moments; ++from)
                    for (int to = from; to < moments; ++to) {
                        Plan plan{charge,
                                  Fate::lost,
                                  Fate::lost,
                                  from,
                                  static_cast<Happening>(first),
                                  to,
                                  static_cast<Happening>(second)};
                        run(plan);
                        if (testing::Test::HasFatalFailure()) return;
                        ++runs;
                    }
    EXPECT_EQ(runs, 5 * 49 * 45);
    const auto more = [&](const std::string& what) { return World::seen()[what] - before[what]; };
    EXPECT_GT(more("completed"), 500);
    EXPECT_GT(more("compensated"), 5000);
    EXPECT_GT(more("restart"), 2000);
    EXPECT_GT(more("answer payment.record_unknown"), 5000);
    EXPECT_GT(more("answer payment.record_refund_failure"), 2000);
    EXPECT_GT(more("drain payment"), 300);
    EXPECT_GT(more("drain receipt"), 100);
    EXPECT_GT(more("drain prereservation"), 300);
    EXPECT_GT(more("timer"), 5000);
}

}  // namespace
}  // namespace yeyak::tests
