// Fails every operation of a run in turn, once or from then on: what failed is not acknowledged,
// the store takes no more writes but goes on reading, and a restart finds whole flushes only.
#include <gtest/gtest.h>

#include "tests/crash/workload.h"

namespace yeyak::crash {
namespace {

using simulation::Fault;
using simulation::Remains;
using simulation::SimFs;

constexpr Rhythm rhythm{4, 7};

struct Counts {
    std::size_t runs = 0, refused_opens = 0, failed_flushes = 0, acks = 0, restarts = 0;
};

class DiskFault : public testing::Test {
  protected:
    // False when the run ended before the fault.
    bool fail_at(Fault fault);
    void restart(std::shared_ptr<SimFs> disk, std::size_t acknowledged);
    void expect_no_more_writes(Machine& machine, std::size_t acknowledged);
    void every(Fault::Kind kind, bool sticky, bool reads, std::size_t step);

    const Script script_{42, 10};
    Counts counts_;
    std::mt19937_64 random_{14};
};

void DiskFault::restart(std::shared_ptr<SimFs> disk, std::size_t acknowledged) {
    ++counts_.restarts;
    Machine machine{std::move(disk)};
    ASSERT_TRUE(machine.open()) << machine.refusal();
    const auto most = std::min(acknowledged + 1, script_.flushes.size());
    const auto found = audit(*machine.store(), script_, acknowledged, most);
    ASSERT_EQ(found.kind, Verdict::Kind::right) << found.detail;
    if (found.flushes == script_.flushes.size()) return;
    EXPECT_TRUE(machine.write(script_, found.flushes));
}

void DiskFault::expect_no_more_writes(Machine& machine, std::size_t acknowledged) {
    auto& store = *machine.store();
    ++counts_.failed_flushes;
    EXPECT_FALSE(store.writable());
    EXPECT_FALSE(store.stage({}));
    EXPECT_FALSE(store.flush());
    EXPECT_EQ(store.head(), script_.heads[acknowledged]);
    machine.disk().fail({});
    // Tables are not cut at head(): the failed flush may show there, but only as a whole.
    eventstore::AllQuery query;
    const auto page = store.read_all(query);
    ASSERT_TRUE(page) << page.error().detail;
    EXPECT_EQ(page->events.size(), script_.heads[acknowledged]);
}

bool DiskFault::fail_at(Fault fault) {
    ++counts_.runs;
    auto disk = std::make_shared<SimFs>();
    Machine machine{disk};
    disk->fail(fault);
    const std::size_t acknowledged = machine.play(script_, 0, rhythm);
    counts_.acks += acknowledged;
    const bool met = disk->failed();
    if (!machine.store())
        ++counts_.refused_opens;
    else if (acknowledged < script_.flushes.size())
        expect_no_more_writes(machine, acknowledged);
    machine.close();
    disk->fail({});
    restart(disk->copy(), acknowledged);
    restart(std::make_shared<SimFs>(disk->cut(), Remains::some, random_), acknowledged);
    return met;
}

void DiskFault::every(Fault::Kind kind, bool sticky, bool reads, std::size_t step) {
    std::uint64_t at = 1;
    while (fail_at({at, kind, sticky, reads}) && !HasFailure()) at += step;
    EXPECT_FALSE(HasFailure()) << "operation " << at << (sticky ? ", sticky" : ", once");
    EXPECT_GT(at, 100u);
    printf(
        "%zu runs, %zu acknowledged flushes, %zu refused opens, %zu failed flushes, %zu restarts\n",
        counts_.runs, counts_.acks, counts_.refused_opens, counts_.failed_flushes,
        counts_.restarts);
    EXPECT_GT(counts_.acks, counts_.runs);
    EXPECT_GT(counts_.refused_opens, 0u);
    EXPECT_GT(counts_.failed_flushes, 0u);
}

std::size_t step() { return 100 / amount(100); }

TEST_F(DiskFault, io_error_once) { every(Fault::Kind::io_error, false, false, step()); }
TEST_F(DiskFault, io_error_for_good) { every(Fault::Kind::io_error, true, false, step()); }
TEST_F(DiskFault, no_space_once) { every(Fault::Kind::no_space, false, false, step()); }
TEST_F(DiskFault, no_space_for_good) { every(Fault::Kind::no_space, true, false, step()); }
TEST_F(DiskFault, short_write_once) { every(Fault::Kind::short_write, false, false, step()); }
TEST_F(DiskFault, short_write_for_good) { every(Fault::Kind::short_write, true, false, step()); }

TEST_F(DiskFault, read_error_is_an_error_and_never_an_answer) {
    auto disk = std::make_shared<SimFs>();
    {
        Machine machine{disk};
        ASSERT_EQ(machine.play(script_, 0, rhythm), script_.flushes.size());
    }
    std::size_t refused = 0, reported = 0;
    for (std::uint64_t at = 1;; at += step()) {
        auto twin = disk->copy();
        Machine machine{twin};
        twin->fail({at, Fault::Kind::io_error, false, true});
        if (!machine.open()) {
            ++refused;
            continue;
        }
        const auto found =
            audit(*machine.store(), script_, script_.flushes.size(), script_.flushes.size());
        ASSERT_NE(found.kind, Verdict::Kind::wrong) << "read " << at << ": " << found.detail;
        reported += found.kind == Verdict::Kind::reported;
        if (!twin->failed()) break;
    }
    printf("%zu refused opens, %zu reported reads\n", refused, reported);
    EXPECT_GE(refused, amount(50));
    EXPECT_GE(reported, amount(50));
}

}  // namespace
}  // namespace yeyak::crash
