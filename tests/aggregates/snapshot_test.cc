// Snapshots are a cache of folded state: used when their shape fits, thrown away when it does not,
// and never needed.
#include <gtest/gtest.h>

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/engine/engine.h"
#include "eventstore/memory_store.h"
#include "kernel/json_impl.h"
#include "kernel/match.h"

namespace yeyak {
namespace {

struct Added {
    static constexpr std::string_view type = "tally.added.v1";
    std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(Added, (), (amount))
struct Add {
    static constexpr std::string_view type = "tally.add";
    std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(Add, (), (amount))
struct Sum {
    static constexpr std::string_view type = "sum";
    std::int64_t total = 0;
};
BOOST_DESCRIBE_STRUCT(Sum, (), (total))
struct OtherSum {
    static constexpr std::string_view type = "sum";
    std::int64_t total = 0;
    std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(OtherSum, (), (total, note))
enum class Never { never };
BOOST_DESCRIBE_ENUM(Never, never)

// How often evolve() ran: what a snapshot saves.
int folded = 0;

template <class StateOf>
struct TallyOf : Answers<std::variant<Added>, Never> {
    static constexpr std::string_view category = "tally.tally";
    static constexpr std::size_t snapshot_every = 10;
    static std::string_view context(std::string_view) { return "tally"; }
    static std::vector<std::string> tags(const std::variant<Added>&) { return {}; }
    using Contract = TallyOf;
    using State = std::variant<StateOf>;
    using Command = std::variant<Add>;
    using Event = std::variant<Added>;
    using Rejection = Never;
    static Decision<Event, Rejection> decide(const State&, const Command& command) {
        return accept(Added{std::get<Add>(command).amount});
    }
    static State evolve(const State& state, const Event& event) {
        ++folded;
        auto next = std::get<StateOf>(state);
        next.total += std::get<Added>(event).amount;
        return State{next};
    }
};
using Tally = TallyOf<Sum>;
using OtherTally = TallyOf<OtherSum>;

class Snapshots : public ::testing::Test {
  protected:
    template <class T>
    std::int64_t total() {
        Engine engine{store};
        engine.add(std::make_unique<AggregateHost<T>>(), {"tally"});
        Unit unit{engine, store, Instant{1}, {}};
        folded = 0;
        return std::visit([](const auto& s) { return s.total; }, state_in<T>(unit, "1"));
    }

    void add(int times) {
        Engine engine{store};
        engine.add(std::make_unique<AggregateHost<Tally>>(), {"tally"});
        for (int i = 1; i <= times; ++i) {
            Unit unit{engine, store, Instant{i}, {}};
            ASSERT_TRUE(unit.execute<Tally>("1", Add{i}).ok());
            (void)unit.commit();
            ASSERT_TRUE(store.flush().has_value());
        }
    }

    eventstore::MemoryStore store;
};

TEST_F(Snapshots, are_kept_every_so_many_events_and_begun_from) {
    add(25);
    const auto kept = store.value(eventstore::Table::snapshot, "tally.tally-1");
    ASSERT_TRUE(kept->has_value());
    const auto snapshot = from_json<Snapshot>(**kept);
    EXPECT_EQ(snapshot->version, 20u);
    EXPECT_EQ(total<Tally>(), 25 * 26 / 2);
    EXPECT_EQ(folded, 5) << "only what came after the snapshot";
}

TEST_F(Snapshots, of_another_shape_are_thrown_away) {
    add(25);
    EXPECT_NE(shape_of<Tally::State>(), shape_of<OtherTally::State>());
    EXPECT_EQ(total<OtherTally>(), 25 * 26 / 2);
    EXPECT_EQ(folded, 25);
}

TEST_F(Snapshots, are_not_kept_before_their_time) {
    add(9);
    EXPECT_FALSE(store.value(eventstore::Table::snapshot, "tally.tally-1")->has_value());
    EXPECT_EQ(total<Tally>(), 45);
    EXPECT_EQ(folded, 9);
}

}  // namespace
}  // namespace yeyak
