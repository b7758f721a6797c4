// Events that cannot be applied: they are parked with all that follows in their stream, the rest of
// the view goes on, and nothing of it depends on batches, restarts or threads.
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "aggregates/prereservation/receipt_contract.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "projections/prereservation/receipts.h"
#include "projections/runner/view_builder.h"
#include "tests/projections/built_views.h"

namespace yeyak::tests {
namespace {

using eventstore::Position;
using projections::Build;
using projections::Builder;
using projections::BuildHow;
using projections::ParkedEvent;
using projections::ViewStore;

constexpr std::string_view view_name = "preReservations";

const projections::View& view() { return *tests::find_view(view_name); }

std::vector<ParkedEvent> parked_in(const ViewStore& store, const Build& build) {
    std::vector<ParkedEvent> found;
    const auto visit = [&](const ParkedEvent& event) {
        found.push_back(event);
        return true;
    };
    EXPECT_TRUE(store.scan_parked(build, {}, visit).has_value());
    return found;
}

// A log with one event whose payload nobody can read, and others of its stream behind it.
struct Poisoned {
    Log log;
    Log readable;  // the same as it should have been
    eventstore::EventPtr event;
    std::vector<Position> behind;

    explicit Poisoned(unsigned seed) {
        std::mt19937_64 random{seed};
        readable = interleave(random, some_streams(random, 12));
        log = readable;
        const auto at = std::ranges::find_if(log, [&](const auto& e) {
            return e->position > 20 && e->data.type == prereservation::ReservationConfirmed::type &&
                   last_of(e->stream) > e->position;
        });
        ensure(at != log.end(), "there is a reservation that goes on after its confirmation");
        auto poison = std::make_shared<eventstore::RecordedEvent>(**at);
        poison->data.payload = "{\"id\":\"no number\"}";
        *at = event = poison;
        for (const auto& e : log)
            if (e->stream == event->stream && e->position > event->position)
                behind.push_back(e->position);
    }

    Position last_of(const std::string& stream) const {
        Position last = 0;
        for (const auto& e : readable)
            if (e->stream == stream) last = e->position;
        return last;
    }
    // The log without the events that are parked, as far as the view is concerned: they become
    // events of a stream that it does not read.
    Log without(bool also_behind) const {
        Log rest = log;
        for (auto& e : rest)
            if (e->position == event->position ||
                (also_behind && std::ranges::find(behind, e->position) != behind.end())) {
                auto other = std::make_shared<eventstore::RecordedEvent>(*e);
                other->stream = "nobody-1";
                e = other;
            }
        return rest;
    }
};

std::string rows_of(const Log& log) {
    Bench bench;
    return bench.built_at_once(log).at(std::string{view_name}).rows;
}

TEST(Parked, the_event_and_all_behind_it_in_its_stream_are_parked_and_the_rest_goes_on) {
    const Poisoned poisoned{10};
    Folder folder;
    const auto store = open_views(folder.path());
    const Build one{std::string{view_name}, 1};
    build(*store, view(), one, poisoned.log, [] { return std::size_t{17}; });
    const auto parked = parked_in(*store, one);
    ASSERT_EQ(parked.size(), 1 + poisoned.behind.size());
    EXPECT_EQ(parked[0].position, poisoned.event->position);
    EXPECT_EQ(parked[0].stream, poisoned.event->stream);
    EXPECT_EQ(parked[0].type, poisoned.event->data.type);
    EXPECT_NE(parked[0].reason.find("cannot be read: id"), std::string::npos) << parked[0].reason;
    for (std::size_t i = 0; i < poisoned.behind.size(); ++i)
        EXPECT_EQ(parked[i + 1], (ParkedEvent{poisoned.event->stream, poisoned.behind[i],
                                              parked[i + 1].type, ""}));
    EXPECT_EQ(*store->checkpoint(one), poisoned.log.size());
    EXPECT_EQ(stored_in(folder.path(), 1).at(one.view).rows, rows_of(poisoned.without(true)));
}

TEST(Parked, batches_restarts_and_threads_do_not_matter) {
    const Poisoned poisoned{11};
    Bench bench;
    const auto whole = bench.built_at_once(poisoned.log).at(std::string{view_name});
    ASSERT_FALSE(whole.parked.empty());
    std::mt19937_64 random{12};
    for (const std::size_t parts : {1U, 2U, 5U}) {
        Folder folder;
        const Build one{std::string{view_name}, 1};
        auto store = open_views(folder.path());
        while (*store->checkpoint(one) < poisoned.log.size()) {
            BuildHow how;
            how.parts = parts;
            const auto builder = *view().builder(*store, one, std::move(how));
            for (int batch = 0; batch < 4; ++batch) {
                const auto from = builder->checkpoint();
                const auto to =
                    std::min<std::size_t>(poisoned.log.size(), from + 1 + random() % 30);
                const Log part{poisoned.log.begin() + static_cast<std::ptrdiff_t>(from),
                               poisoned.log.begin() + static_cast<std::ptrdiff_t>(to)};
                ASSERT_TRUE(builder->apply(part).has_value());
            }
        }
        EXPECT_EQ(stored_in(folder.path(), 1).at(one.view).text, whole.text);
    }
}

TEST(Parked, a_retry_after_the_mend_gives_what_would_have_been) {
    const Poisoned poisoned{13};
    Folder folder;
    const auto store = open_views(folder.path());
    const Build one{std::string{view_name}, 1};
    build(*store, view(), one, poisoned.log, [] { return std::size_t{1000}; });
    const auto builder = *view().builder(*store, one, {});
    Log again{poisoned.event};
    EXPECT_EQ(*builder->retry(again), 0u) << "it still cannot be read";
    EXPECT_EQ(builder->parked(), 1 + poisoned.behind.size());
    again = {poisoned.readable[poisoned.event->position - 1]};
    for (const auto position : poisoned.behind) again.push_back(poisoned.log[position - 1]);
    EXPECT_EQ(*builder->retry(again), again.size());
    EXPECT_EQ(builder->parked(), 0u);
    Bench bench;
    EXPECT_EQ(stored_in(folder.path(), 1).at(one.view).text,
              bench.built_at_once(poisoned.readable).at(one.view).text);
}

TEST(Parked, what_is_skipped_is_gone_on_without_now_and_in_every_rebuild) {
    const Poisoned poisoned{14};
    Folder folder;
    const auto store = open_views(folder.path());
    const Build live{std::string{view_name}, 1};
    const Build rebuilt{std::string{view_name}, 2};
    build(*store, view(), live, poisoned.log, [] { return std::size_t{1000}; });
    const auto builder = *view().builder(*store, live, {});
    builder->skip(poisoned.event->position);
    Log again{poisoned.event};
    for (const auto position : poisoned.behind) again.push_back(poisoned.log[position - 1]);
    EXPECT_EQ(*builder->retry(again), again.size());
    BuildHow how;
    how.skipped = {poisoned.event->position};
    const auto second = *view().builder(*store, rebuilt, std::move(how));
    ASSERT_TRUE(second->apply(poisoned.log).has_value());
    const auto now = stored_in(folder.path(), 1).at(live.view);
    EXPECT_EQ(now.parked, "");
    EXPECT_EQ(now.rows, rows_of(poisoned.without(false)));
    EXPECT_EQ(stored_in(folder.path(), 2).at(live.view).text, now.text);
}

// --- a projector that throws ---------------------------------------------------------------------

struct Thrower : projections::Receipts {
    static inline std::set<std::int64_t> bad;  // ids of rows
    template <class E>
    static void apply(Row& row, const E& event, Instant at) {
        projections::Receipts::apply(row, event, at);
        if constexpr (std::is_same_v<E, prereservation::ReceiptCancelled>)
            if (bad.contains(row.id)) throw std::runtime_error{"half-way"};
    }
};

TEST(Parked, a_projector_that_throws_leaves_the_row_as_it_was) {
    std::mt19937_64 random{15};
    const auto log = interleave(random, streams_of("prereservation", random, 40));
    std::vector<eventstore::EventPtr> cancelled;
    for (const auto& event : log)
        if (event->data.type == prereservation::ReceiptCancelled::type) cancelled.push_back(event);
    ASSERT_GT(cancelled.size(), 2u);
    for (const std::size_t parts : {1U, 3U}) {
        Folder folder;
        const auto store = open_views(folder.path());
        const Build live{"receipts", 1};
        const Build expected{"receipts", 2};
        const auto poison = cancelled[1];
        Thrower::bad = {std::stoll(poison->stream.substr(poison->stream.rfind('-') + 1))};
        const projections::ViewOf<Thrower> throwing;
        BuildHow how;
        how.parts = parts;
        how.spread = [](std::size_t count, const auto& work) {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < count; ++i) threads.emplace_back(work, i);
        };
        const auto builder = *throwing.builder(*store, live, how);
        const auto applied = builder->apply(log);
        ASSERT_TRUE(applied.has_value()) << applied.error().detail;
        const auto parked = parked_in(*store, live);
        ASSERT_FALSE(parked.empty());
        EXPECT_EQ(parked[0].position, poison->position);
        EXPECT_EQ(parked[0].reason, "the projector failed: half-way");
        const auto before = stored_in(folder.path(), 1).at(live.view);
        // The mended projector gives what it would have given in the first place.
        Thrower::bad.clear();
        Log again;
        for (const auto& event : parked) again.push_back(log[event.position - 1]);
        EXPECT_EQ(*builder->retry(again), again.size());
        const auto mended = *throwing.builder(*store, expected, {});
        ASSERT_TRUE(mended->apply(log).has_value());
        EXPECT_EQ(stored_in(folder.path(), 1).at(live.view).text,
                  stored_in(folder.path(), 2).at(live.view).text);
        EXPECT_NE(before.rows, stored_in(folder.path(), 1).at(live.view).rows);
    }
}

// --- parts ---------------------------------------------------------------------------------------

TEST(Parts, give_the_same_bytes_as_one_for_every_view) {
    std::mt19937_64 random{16};
    const auto log = interleave(random, some_streams(random, 40));
    Bench bench;
    const auto whole = bench.built_at_once(log);
    Folder folder;
    const auto store = open_views(folder.path());
    for (const auto& each : tests::all_views()) {
        BuildHow how;
        how.parts = 4;
        how.spread = [](std::size_t count, const auto& work) {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < count; ++i) threads.emplace_back(work, i);
        };
        const auto builder = *each->builder(*store, {name_of(*each), 1}, std::move(how));
        for (std::size_t from = 0; from < log.size(); from += 211) {
            const Log part{
                log.begin() + static_cast<std::ptrdiff_t>(from),
                log.begin() + static_cast<std::ptrdiff_t>(std::min(log.size(), from + 211))};
            ASSERT_TRUE(builder->apply(part).has_value());
        }
    }
    for (const auto& [name, stored] : stored_in(folder.path(), 1))
        EXPECT_EQ(stored.text, whole.at(name).text) << name;
}

TEST(Parts, two_builders_of_one_build_are_found_out) {
    std::mt19937_64 random{17};
    const auto log = interleave(random, some_streams(random, 5));
    Folder folder;
    const auto store = open_views(folder.path());
    const Build one{std::string{view_name}, 1};
    const auto first = *view().builder(*store, one, {});
    const auto second = *view().builder(*store, one, {});
    ASSERT_TRUE(first->apply(log).has_value());
    const auto refused = second->apply(log);
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().detail.find("somebody else"), std::string::npos);
}

}  // namespace
}  // namespace yeyak::tests
