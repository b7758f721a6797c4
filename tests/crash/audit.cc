#include <fmt/format.h>

#include <set>

#include "tests/crash/workload.h"

namespace yeyak::crash {
namespace {

using namespace eventstore;

// Ends the audit at the first thing that is not as it must be.
struct Finding {
    Verdict::Kind kind;
    std::string detail;
};

[[noreturn]] void wrong(std::string detail) {
    throw Finding{Verdict::Kind::wrong, std::move(detail)};
}

template <class T>
T must(StoreResult<T> result) {
    if (!result) throw Finding{Verdict::Kind::reported, result.error().detail};
    return *std::move(result);
}

bool same(const RecordedEvent& a, const RecordedEvent& b) {
    return a.position == b.position && a.version == b.version && a.time == b.time &&
           a.stream == b.stream && a.data.type == b.data.type && a.data.payload == b.data.payload &&
           a.data.event_id == b.data.event_id && a.data.correlation_id == b.data.correlation_id &&
           a.data.causation_id == b.data.causation_id && a.data.actor == b.data.actor &&
           a.data.tags == b.data.tags;
}

void compare(const std::vector<EventPtr>& found, const std::vector<const RecordedEvent*>& expected,
             const std::string& how) {
    if (found.size() != expected.size())
        wrong(fmt::format("{}: {} events, must be {}", how, found.size(), expected.size()));
    for (std::size_t i = 0; i < found.size(); ++i)
        if (!same(*found[i], *expected[i]))
            wrong(fmt::format("{}: event {} differs", how, expected[i]->position));
}

std::vector<EventPtr> read_everything(const RocksStore& store, const Filter& filter) {
    std::vector<EventPtr> all;
    AllQuery query;
    query.filter = filter;
    query.max_events = 7;
    while (true) {
        auto page = must(store.read_all(query));
        all.insert(all.end(), page.events.begin(), page.events.end());
        if (page.end) return all;
        query.after = page.next_after;
    }
}

struct Expectation {
    std::vector<const RecordedEvent*> events;

    std::vector<const RecordedEvent*> where(const auto& condition) const {
        std::vector<const RecordedEvent*> chosen;
        for (const auto* event : events)
            if (condition(*event)) chosen.push_back(event);
        return chosen;
    }
};

void audit_filters(const RocksStore& store, const Expectation& expected) {
    std::set<std::string> categories, types, tags;
    for (const auto* event : expected.events) {
        categories.emplace(category_of(event->stream));
        types.insert(event->data.type);
        tags.insert(event->data.tags.begin(), event->data.tags.end());
    }
    const auto check = [&](const Filter& filter, const std::string& how) {
        compare(read_everything(store, filter), expected.where([&](const RecordedEvent& event) {
            return filter.matches(event.stream, event.data);
        }),
                how);
    };
    for (const auto& value : categories) check({{value}, {}, {}}, "category " + value);
    for (const auto& value : types) check({{}, {value}, {}}, "type " + value);
    for (const auto& value : tags) check({{}, {}, {value}}, "tag " + value);
}

void audit_streams(RocksStore& store, const Expectation& expected) {
    std::set<std::string> streams;
    for (const auto* event : expected.events) streams.insert(event->stream);
    for (const auto& stream : streams) {
        const auto of_stream =
            expected.where([&](const RecordedEvent& event) { return event.stream == stream; });
        StreamQuery query;
        query.stream = stream;
        compare(must(store.read_stream(query)).events, of_stream, "stream " + stream);
        const Version head = store.staged_head(stream);
        if (auto usable = store.writable(); !usable) must(std::move(usable));
        if (head != of_stream.size()) wrong(fmt::format("stream {}: its head is {}", stream, head));
    }
}

void audit_tables(const RocksStore& store, const Tables& expected) {
    for (int table = 1; table <= 8; ++table) {
        const auto id = static_cast<Table>(table);
        Tables found;
        for (auto& entry : must(store.entries(id, "", "", 1000)))
            found[{id, entry.key}] = entry.value;
        Tables wanted;
        for (const auto& [key, value] : expected)
            if (key.first == id) wanted[key] = value;
        if (found != wanted) wrong(fmt::format("table {} differs", table));
        for (const auto& [key, value] : wanted)
            if (must(store.value(id, key.second)) != value)
                wrong(fmt::format("table {} key {} differs", table, key.second));
    }
}

}  // namespace

Verdict audit(const RocksStore& store, const Script& script, std::size_t least,
              std::size_t most) try {
    const auto counter = must(store.value(Table::counter, "flushes"));
    const std::size_t flushes = counter ? std::stoul(*counter) : 0;
    if (flushes < least || flushes > most)
        wrong(fmt::format("{} flushes are there, must be {} to {}", flushes, least, most));
    if (store.head() != script.heads[flushes])
        wrong(fmt::format("the log ends at {}, must be {}", store.head(), script.heads[flushes]));
    Expectation expected;
    for (std::size_t i = 0; i < script.heads[flushes]; ++i)
        expected.events.push_back(&script.events[i]);
    compare(read_everything(store, {}), expected.events, "log");
    audit_filters(store, expected);
    audit_streams(const_cast<RocksStore&>(store), expected);
    audit_tables(store, script.tables[flushes]);
    return {Verdict::Kind::right, "", flushes};
} catch (const Finding& finding) {
    return {finding.kind, finding.detail, 0};
}

}  // namespace yeyak::crash
