// Cuts the power at every operation of a run and starts again: nothing acknowledged is lost,
// nothing is there by halves, and the indexes and tables agree with the log.
#include <gtest/gtest.h>

#include "tests/crash/workload.h"

namespace yeyak::crash {
namespace {

using simulation::Cut;
using simulation::Remains;
using simulation::SimFs;

struct Counts {
    std::size_t points = 0, nested = 0, refused_garbage = 0, unacknowledged_kept = 0, acks = 0;
};

class PowerCut : public testing::Test {
  protected:
    // The folder's own name is durable: that is its owner's affair.
    static std::shared_ptr<SimFs> empty_disk() { return std::make_shared<SimFs>(); }

    // Restarts from the cut and audits; nothing when a garbled tail was refused.
    std::shared_ptr<SimFs> restart(const Script& script, const Cut& cut, Remains remains,
                                   bool write_on);
    void restart_in_recovery(const Script& script, const Cut& cut);

    Counts counts_;
    std::mt19937_64 random_{20261120};
};

std::shared_ptr<SimFs> PowerCut::restart(const Script& script, const Cut& cut, Remains remains,
                                         bool write_on) {
    ++counts_.points;
    auto disk = std::make_shared<SimFs>(cut, remains, random_);
    Machine machine{disk};
    if (!machine.open()) {
        EXPECT_EQ(remains, Remains::garbage) << "refused after a power cut: " << machine.refusal();
        ++counts_.refused_garbage;
        return nullptr;
    }
    const std::size_t most = std::min<std::size_t>(cut.label + 1, script.flushes.size());
    const auto found = audit(*machine.store(), script, cut.label, most);
    EXPECT_EQ(found.kind, Verdict::Kind::right) << found.detail << " after " << cut.label;
    if (found.kind != Verdict::Kind::right) return nullptr;
    if (found.flushes > cut.label) ++counts_.unacknowledged_kept;
    // What a reader has seen stays, also when the power fails again before anything is written.
    if (counts_.points % 3 == 0) {
        Machine again{std::make_shared<SimFs>(disk->cut(), Remains::nothing, random_)};
        EXPECT_TRUE(again.open()) << again.refusal();
        EXPECT_TRUE(again.store() && again.store()->head() == machine.store()->head());
    }
    if (!write_on || found.flushes == script.flushes.size()) return disk;
    EXPECT_TRUE(machine.write(script, found.flushes));
    EXPECT_TRUE(machine.flush_memory());
    machine.close();
    EXPECT_TRUE(machine.open()) << machine.refusal();
    const auto later = audit(*machine.store(), script, found.flushes + 1, found.flushes + 1);
    EXPECT_EQ(later.kind, Verdict::Kind::right) << later.detail;
    return disk;
}

void PowerCut::restart_in_recovery(const Script& script, const Cut& cut) {
    auto disk = std::make_shared<SimFs>(cut, Remains::some, random_);
    std::vector<Cut> cuts;
    disk->set_label(cut.label);
    disk->record_cuts(&cuts);
    {
        Machine machine{disk};
        EXPECT_TRUE(machine.open()) << machine.refusal();
    }
    disk->record_cuts(nullptr);
    for (int i = 0; i < 2 && !cuts.empty(); ++i) {
        ++counts_.nested;
        restart(script, cuts[random_() % cuts.size()], Remains::some, false);
    }
}

TEST_F(PowerCut, at_every_operation_loses_nothing) {
    std::size_t operations = 0;
    for (const Rhythm rhythm : {Rhythm{0, 0}, Rhythm{7, 0}, Rhythm{5, 11}, Rhythm{0, 9}}) {
        const Script script{100 + rhythm.flush_memory_every, amount(26)};
        auto disk = empty_disk();
        std::vector<Cut> cuts;
        disk->record_cuts(&cuts);
        {
            Machine machine{disk};
            counts_.acks += machine.play(script, 0, rhythm);
            EXPECT_EQ(disk->cut().label, script.flushes.size());
        }
        disk->record_cuts(nullptr);
        cuts.push_back(disk->cut());
        operations += cuts.size();
        for (std::size_t i = 0; i < cuts.size() && !HasFailure(); ++i) {
            restart(script, cuts[i], Remains::nothing, i % 10 == 0);
            restart(script, cuts[i], Remains::everything, false);
            for (int torn = 0; torn < 2; ++torn)
                restart(script, cuts[i], Remains::some, i % 10 == 1);
            if (i % 4 == 0) restart(script, cuts[i], Remains::garbage, false);
            if (i % 4 == 1) restart_in_recovery(script, cuts[i]);
        }
    }
    printf(
        "%zu operations, %zu crash points, %zu of them in recovery, %zu acknowledged flushes, "
        "%zu unacknowledged kept whole, %zu garbled tails refused\n",
        operations, counts_.points, counts_.nested, counts_.acks, counts_.unacknowledged_kept,
        counts_.refused_garbage);
    EXPECT_GE(counts_.points, amount(3000));
    EXPECT_GE(counts_.nested, amount(300));
    EXPECT_EQ(counts_.acks, 4 * amount(26));
    EXPECT_GE(counts_.unacknowledged_kept, amount(100));
    EXPECT_LE(counts_.refused_garbage, counts_.points / 20);
}

TEST_F(PowerCut, the_same_seed_does_the_same) {
    std::vector<std::uint64_t> traces;
    for (int i = 0; i < 3; ++i) {
        auto disk = empty_disk();
        Machine machine{disk};
        EXPECT_EQ(machine.play(Script{7, 30}, 0, Rhythm{5, 11}), 30u);
        machine.close();
        traces.push_back(disk->trace_hash());
    }
    EXPECT_EQ(traces[0], traces[1]);
    EXPECT_EQ(traces[0], traces[2]);
}

}  // namespace
}  // namespace yeyak::crash
