// Random histories of several receipts (RapidCheck): reception, repair shop, operators, crashes and
// a payment provider that treats every call as it likes. Invariant 4 holds at every moment, all
// ends well when all is quiet, and processes that are killed in between end as they would have
// ended anyway (invariant 6).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "tests/aggregates/repairshop_world.h"

namespace yeyak::tests::car {
namespace {

// A step of a history: what happens, and to which receipt, context or call.
using Step = std::pair<std::uint8_t, std::uint8_t>;

std::vector<Step> some_steps() {
    return *rc::gen::resize(
        150, rc::gen::container<std::vector<Step>>(rc::gen::pair(
                 rc::gen::inRange<std::uint8_t>(0, 26), rc::gen::arbitrary<std::uint8_t>())));
}

// Four cars, three of them repaired: more of what follows is about money.
void begin(Garage& garage) {
    for (std::int64_t id = 1; id <= 4; ++id) {
        garage.take();
        if (id < 4) garage.to_repair(id, CompleteRepair{id, amount});
    }
}

// What people do; the steps below 14.
void people(Garage& garage, const Step& step, bool strict) {
    const auto [what, which] = step;
    const std::int64_t id = 1 + which % 5;
    switch (what) {
        case 0:
        case 1:
            garage.submit_take(which % 16 == 0 ? IntakeKind::import : IntakeKind::repair);
            break;
        case 2:
            garage.submit_to_receipt(id, RequestRepairCancel{id});
            break;
        case 3:
        case 4:
        case 5:
            garage.submit_to_receipt(id, RequestPayment{id, amount});
            break;
        case 6:
        case 7:
            garage.submit_to_receipt(id, RequestDelivery{id, strict});
            break;
        case 8:
            garage.submit_to_repair(id, AcceptRepair{id});
            break;
        case 9:
        case 10:
        case 11:
            garage.submit_to_repair(id, CompleteRepair{id, amount});
            break;
        case 12:
            garage.submit_to_repair(id, RejectRepair{id});
            break;
        default:
            garage.submit_to_repair(id, CancelRepair{id});
    }
}

void set_context(Garage& garage, std::uint8_t which) {
    garage.submit_context(garage_contexts[which % 4],
                          which & 4 ? ContextState::down : ContextState::up);
}

// Anything at any time; several things may share a batch.
void happen(Garage& garage, const Step& step, bool strict) {
    const auto [what, which] = step;
    switch (what) {
        case 14:
        case 15:
            return set_context(garage, which);
        case 16:
            if (which % 3 == 0) garage.restart();
            return;
        case 17:
            garage.call_provider(which);
            return;
        case 18:
            garage.submit_answer();
            return;
        case 19:
            if (which % 2 == 0) garage.wait_for_timer();
            garage.submit_timer();
            return;
        case 20:
            garage.submit_drains();
            return;
        case 21:
        case 22:
        case 23:
            return garage.run_batch();
        case 24:
        case 25:
            garage.submit_order(1 + which % 5,
                                what == 24 ? SagaOrder::retry : SagaOrder::compensate);
            return;
        default:
            people(garage, step, strict);
    }
}

RC_GTEST_PROP(RepairshopHistories, all_end_well, ()) {
    const auto fates = *rc::gen::container<std::vector<std::uint8_t>>(
        20, rc::gen::inRange<std::uint8_t>(0, std::size(all_fates)));
    const bool strict = *rc::gen::arbitrary<bool>();
    std::size_t calls = 0;
    bool faulty = true;
    Garage garage;
    garage.fate = [&](const auto&) {
        return faulty ? all_fates[fates[calls++ % fates.size()]] : Fate::ok;
    };
    if (*rc::gen::arbitrary<bool>()) begin(garage);
    for (const auto& step : some_steps()) happen(garage, step, strict);
    RC_ASSERT(garage.wrong_so_far(strict) == "");
    faulty = false;
    garage.submit_all_up();
    garage.settle();
    RC_ASSERT(garage.wrong(strict) == "");
}

// Finishes what there is to do; before each move a kill, if the plan says so.
void settle(Garage& garage, const std::vector<std::uint8_t>& kills, std::size_t& moves) {
    for (;;) {
        if (!kills.empty() && kills[moves++ % kills.size()] == 3) garage.restart();
        if (garage.submit_drains() || garage.submit_answer() || garage.submit_timer())
            garage.run_batch();
        else if (!garage.call_provider() && !garage.wait_for_timer())
            return;
    }
}

std::string life_of(const std::vector<Step>& steps, const std::vector<std::uint8_t>& kills) {
    Garage garage;
    // By order, so that a call that is made again has the same fate.
    garage.fate = [](const payment::Effect& effect) {
        const auto* charge = std::get_if<payment::Charge>(&effect);
        if (!charge) return Fate::ok;
        constexpr std::array fates{Fate::ok, Fate::refused, Fate::failed, Fate::lost, Fate::ok};
        return fates[static_cast<std::size_t>(charge->key.back() - '0') % fates.size()];
    };
    std::size_t moves = 0;
    for (const auto& [what, which] : steps) {
        if (what < 14)
            people(garage, {what, which}, false);
        else
            set_context(garage, which);
        garage.run_batch();
        settle(garage, kills, moves);
    }
    garage.submit_all_up();
    garage.run_batch();
    settle(garage, kills, moves);
    RC_ASSERT(garage.wrong(false) == "");
    return garage.outcomes();
}

RC_GTEST_PROP(RepairshopHistories, end_alike_with_and_without_kills, ()) {
    const auto steps = some_steps();
    const auto kills =
        *rc::gen::container<std::vector<std::uint8_t>>(31, rc::gen::inRange<std::uint8_t>(0, 4));
    RC_ASSERT(life_of(steps, kills) == life_of(steps, {}));
}

// The histories above would prove little if they did not come to these ends.
TEST(RepairshopHistories, have_every_kind_of_end) {
    auto& seen = World::seen();
    for (const auto* end :
         {"waiting REPAIRRECEIVED", "waiting REPAIRED", "waiting PAID", "completed DELIVERYSTARTED",
          "completed REPAIRREJECTED", "compensated CANCELLED", "drain repair",
          "drain repairshop.receipt", "drain delivery", "restart"})
        EXPECT_GT(seen[end], 0) << end;
}

}  // namespace
}  // namespace yeyak::tests::car
