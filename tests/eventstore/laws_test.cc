// Laws of any history of commits: both stores give the same answers, and they are the model's.
#include <gtest/gtest.h>
// after gtest, which it needs
#include <rapidcheck/gtest.h>

#include <set>

#include "tests/eventstore/fixtures.h"

namespace yeyak::eventstore {
namespace {

// --------------------------------------------------------------------------------------------

rc::Gen<Commit> any_commit() {
    return rc::gen::exec([] {
        Commit commit;
        const auto small = [](int end) { return *rc::gen::inRange(0, end); };
        for (int i = small(3); i > 0; --i) {
            const Expected expected{static_cast<Expected::Kind>(small(4)),
                                    static_cast<Version>(small(4))};
            StreamAppend one = append("s-" + std::to_string(small(3)), expected, {});
            for (int n = small(3); n >= 0; --n) {
                std::vector<std::string> tags;
                for (int t = small(3); t > 0; --t) tags.push_back("g" + std::to_string(small(3)));
                one.events.push_back(event("t" + std::to_string(small(2)), "{}", tags));
            }
            commit.appends.push_back(one);
        }
        if (small(3) == 0)
            commit.conditions.push_back(
                {{{}, {}, {"g" + std::to_string(small(3))}}, static_cast<Position>(small(20))});
        for (int i = small(3); i > 0; --i) {
            std::optional<std::string> value;
            if (small(3)) value = std::to_string(small(100));
            commit.writes.push_back(
                {static_cast<Table>(1 + small(2)), std::string(1, 'a' + small(3)), value});
        }
        return commit;
    });
}

std::string describe(const std::vector<EventPtr>& events) {
    std::string text;
    for (const auto& e : events) {
        text += std::to_string(e->position) + ":" + e->stream + "@" + std::to_string(e->version) +
                " " + e->data.type + " " + to_text(e->time);
        for (const auto& tag : e->data.tags) text += " " + tag;
        text += " leaf " + std::to_string(e->leaf[0]) + "\n";
    }
    return text;
}

std::string describe(const EventStore& store) {
    std::string text = describe(read_everything(store, {}, 3));
    for (const char* s : {"s-0", "s-1", "s-2"})
        text += describe(store.read_stream({s, 2, Direction::forward, 2})->events) +
                describe(store.read_stream({s, 0, Direction::backward, 3})->events);
    for (const char* g : {"g0", "g1", "g2"})
        text += describe(read_everything(store, {{}, {"t0"}, {g}}, 2));
    for (const auto table : {Table::idempotency, Table::outbox})
        for (const auto& entry : *store.entries(table, "", "", 9))
            text += entry.key + "=" + entry.value + "\n";
    return text;
}

RC_GTEST_PROP(BothStores, answer_alike, ()) {
    Rocks rocks;
    MemoryStore memory;
    const auto history = *rc::gen::container<std::vector<Commit>>(any_commit());
    for (const auto& commit : history) {
        const auto a = memory.stage(commit);
        const auto b = rocks.store->stage(commit);
        RC_ASSERT(a.has_value() == b.has_value());
        if (a) {
            RC_ASSERT(a->first == b->first && a->last == b->last && a->versions == b->versions);
        } else {
            RC_ASSERT(a.error().kind == b.error().kind);
            RC_ASSERT(a.error().found == b.error().found);
            RC_ASSERT(a.error().position == b.error().position);
            RC_ASSERT(a.error().index == b.error().index);
        }
        if (*rc::gen::inRange(0, 3) == 0) RC_ASSERT(*memory.flush() == *rocks.store->flush());
        RC_ASSERT(describe(memory) == describe(*rocks.store));
    }
    RC_ASSERT(*memory.flush() == *rocks.store->flush());
    if (*rc::gen::arbitrary<bool>()) RC_ASSERT(rocks.store->flush_memory().has_value());
    const auto before = describe(*rocks.store);
    RC_ASSERT(describe(memory) == before);
    rocks.store.reset();
    rocks.store = open_or_die(options_in(rocks.folder.path()));
    RC_ASSERT(describe(*rocks.store) == before);
}

// The one-page model: what a history of commits must come to.
RC_GTEST_PROP(MemoryStore, follows_the_model, ()) {
    MemoryStore store;
    std::map<std::string, Version> heads;
    std::vector<std::pair<std::string, NewEvent>> log;
    for (const auto& commit : *rc::gen::container<std::vector<Commit>>(any_commit())) {
        bool fits = true;
        std::set<std::string> named;
        for (const auto& a : commit.appends) {
            const Version head = heads[a.stream];
            if (!named.insert(a.stream).second) {
                fits = fits && a.expected.kind == Expected::Kind::any;
                continue;
            }
            if (a.expected.kind == Expected::Kind::no_stream) fits = fits && head == 0;
            if (a.expected.kind == Expected::Kind::exists) fits = fits && head > 0;
            if (a.expected.kind == Expected::Kind::exact) fits = fits && head == a.expected.version;
        }
        for (const auto& condition : commit.conditions)
            for (Position p = condition.after; p < log.size(); ++p)
                fits = fits && !condition.filter.matches(log[p].first, log[p].second);
        RC_ASSERT(store.stage(commit).has_value() == fits);
        if (!fits) continue;
        for (const auto& a : commit.appends)
            for (const auto& e : a.events) log.emplace_back(a.stream, e), ++heads[a.stream];
    }
    RC_ASSERT(*store.flush() == log.size());
    const auto all = read_everything(store, {}, 1000);
    RC_ASSERT(all.size() == log.size());
    for (std::size_t i = 0; i < log.size(); ++i)
        RC_ASSERT(all[i]->position == i + 1 && all[i]->stream == log[i].first &&
                  all[i]->data.tags == log[i].second.tags);
}

}  // namespace
}  // namespace yeyak::eventstore
