// Which events a trail shows: against a filter by brute force over all events, for random logs.
#include "audit/trail/reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "tests/trail/random_log.h"

namespace yeyak::trail {
namespace {

constexpr PersonKind people[] = {
    {.system = "shop", .kind = "order", .example = "2", .stream = "shop.order"},
    {.system = "shop", .kind = "buyer", .example = "1", .tag = "user"}};

using testing::Line;
using testing::Log;
using Positions = std::vector<Position>;

Query asked(const Parameters& values) { return *parse_query(values); }

Positions read(const Log& log, Query query) {
    auto reader = *Reader::open(log.store(), people, std::move(query), log.head());
    Positions found;
    while (true) {
        const auto page = reader.next();
        if (!page || !*page) break;
        for (const auto& event : **page) found.push_back(event->position);
    }
    return found;
}

// --- by brute force ------------------------------------------------------------------------------

struct Belonging {
    std::set<std::string> streams;
    std::set<std::string> requests;

    bool has(const RecordedEvent& event) const {
        return streams.contains(event.stream) ||
               (!event.data.correlation_id.empty() && requests.contains(event.data.correlation_id));
    }
};

// The rules of docs/decisions/0021-trail.md, each applied to all events until nothing changes.
void complete(Belonging& all, const std::vector<eventstore::EventPtr>& events) {
    std::set<std::string> began;
    for (std::size_t before = SIZE_MAX; before != all.streams.size() + all.requests.size();) {
        before = all.streams.size() + all.requests.size();
        for (const auto& event : events) {
            const auto& request = event->data.correlation_id;
            if (request.empty() || request == "start" || !all.streams.contains(event->stream))
                continue;
            all.requests.insert(request);
            if (event->data.causation_id.starts_with("http/")) began.insert(request);
        }
        for (const auto& event : events)
            if (event->version == 1 && began.contains(event->data.correlation_id) &&
                !event->stream.starts_with("operations."))
                all.streams.insert(event->stream);
    }
}

bool is_tagged(const RecordedEvent& event, const std::string& tag) {
    return std::ranges::find(event.data.tags, tag) != event.data.tags.end();
}

// Journals of operators name persons by person:P, and everybody by person:*.
bool by_person(const RecordedEvent& event, const std::string& person) {
    if (event.stream.starts_with("operations."))
        return is_tagged(event, "person:" + person) || is_tagged(event, "person:*");
    return is_tagged(event, "user:" + person) || is_tagged(event, "person:" + person);
}

Positions brute_force(const Log& log, const Query& query) {
    const auto events = log.events();
    Belonging order;
    order.streams = {query.order};
    complete(order, events);
    Belonging person;
    for (const auto& event : events) {
        if (!by_person(*event, query.person) || event->stream.starts_with("operations.")) continue;
        if (event->version == 1) person.streams.insert(event->stream);
        if (event->data.correlation_id != "start")
            person.requests.insert(event->data.correlation_id);
    }
    complete(person, events);
    Positions found;
    for (const auto& event : events)
        if (matches(query, *event) && (query.order.empty() || order.has(*event)) &&
            (query.person.empty() || person.has(*event) || by_person(*event, query.person)))
            found.push_back(event->position);
    return found;
}

TEST(TrailReader, shows_what_a_brute_force_filter_finds) {
    std::size_t shown = 0;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        const auto log = testing::random_log(seed, 120);
        const auto order = log.events()[seed]->stream;
        for (const auto& values : std::vector<Parameters>{
                 {},
                 {{"order", order}},
                 {{"person", "2"}},
                 {{"order", order}, {"person", "1"}},
                 {{"order", order}, {"type", "payment.*"}, {"from", "20"}},
                 {{"stream", order}, {"actor", "user:3"}},
                 {{"type", "payment.paid.v1"}, {"type", "shop.edited.v2"}, {"to", "80"}},
                 {{"type", "*ed.v1"}, {"system", "shop"}},
                 {{"correlation", "c7"}},
                 {{"person", "0"}, {"from", "2026-11-18"}, {"actor", "user:1"}}}) {
            const auto found = read(log, asked(values));
            ASSERT_EQ(found, brute_force(log, asked(values)))
                << "seed " << seed << " " << to_text(asked(values));
            shown += found.size();
        }
    }
    EXPECT_GT(shown, 10'000U);
}

TEST(TrailReader, shows_of_a_time_what_a_brute_force_filter_finds) {
    std::size_t shown = 0;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        const auto log = testing::random_log(seed, 120);
        const auto events = log.events();
        const auto time = [&](std::size_t at) { return to_text(events[at % 120]->time); };
        for (const auto& more : std::vector<Parameters>{{},
                                                        {{"stream", events[seed]->stream}},
                                                        {{"type", "payment.paid.v1"}},
                                                        {{"person", "2"}},
                                                        {{"system", "shop"}, {"after", "30"}}})
            for (const auto& [from, to] : {std::pair{seed, seed * 7}, std::pair{seed * 5, seed}}) {
                Parameters values = more;
                values.add("from", time(from));
                const auto begun = asked(values);
                values.add("to", time(to));
                for (const auto& query : {begun, asked(values)}) {
                    const auto found = read(log, query);
                    ASSERT_EQ(found, brute_force(log, query))
                        << "seed " << seed << " " << to_text(query);
                    shown += found.size();
                }
            }
    }
    EXPECT_GT(shown, 3'000U);
}

TEST(TrailReader, pages_have_no_gaps_and_nothing_twice) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        const auto log = testing::random_log(seed, 150);
        for (const std::uint64_t limit : {1, 3, 7, 1000}) {
            Query query = asked({{"person", "1"}});
            const auto all = read(log, query);
            query.limit = limit;
            Positions paged;
            while (true) {
                auto reader = *Reader::open(log.store(), people, query, log.head());
                const auto page = survey(reader);
                ASSERT_LE(page->events, limit);
                const auto found = read(log, query);
                ASSERT_EQ(found.size(), page->events);
                paged.insert(paged.end(), found.begin(), found.end());
                if (!page->next_after) break;
                query.after = *page->next_after;
            }
            ASSERT_EQ(paged, all) << "seed " << seed << " limit " << limit;
        }
    }
}

// --- by hand -------------------------------------------------------------------------------------

// An order with its saga and payment; later a cancellation, and an operator who helps the payment.
Log dispute() {
    Log log;
    log.add({.stream = "shop.product-1", .correlation = "c0", .causation = "http/c0"});
    log.add({.stream = "shop.product-1", .correlation = "c1", .causation = "http/c1"});
    log.add({.stream = "shop.order-1", .causation = "http/c1", .tags = {"user:1"}});
    log.add({.stream = "shop.saga-1", .causation = "shop.order-1@1"});
    log.add({.stream = "payment.payment-1", .causation = "shop.saga-1@1"});
    log.add({.stream = "shop.product-1", .correlation = "c2", .causation = "http/c2"});
    log.add({.stream = "shop.order-2", .correlation = "c2", .causation = "http/c2"});
    log.add({.stream = "shop.order-1", .correlation = "c3", .causation = "http/c3"});
    log.add({.stream = "shop.receipt-1", .correlation = "c3", .causation = "shop.order-1@2"});
    log.add({.stream = "payment.payment-1", .correlation = "c4", .causation = "http/c4"});
    log.add({.stream = "shop.saga-1", .correlation = "c5", .causation = "timer"});
    return log;
}

TEST(TrailReader, an_order_has_its_saga_and_payment) {
    const auto log = dispute();
    const Positions all{2, 3, 4, 5, 8, 9, 10, 11};
    EXPECT_EQ(read(log, asked({{"order", "shop.order-1"}})), all);
    EXPECT_EQ(read(log, asked({{"person", "1"}})), all);
    EXPECT_EQ(read(log, asked({{"saga", "shop.saga-1"}, {"stream", "shop.saga-1"}})),
              (Positions{4, 11}));
}

TEST(TrailReader, what_is_shared_is_shown_only_where_it_was_touched) {
    const auto log = dispute();
    const auto found = read(log, asked({{"order", "shop.order-2"}}));
    EXPECT_EQ(found, (Positions{6, 7}));
}

TEST(TrailReader, a_stream_that_is_not_there_is_said) {
    const auto log = dispute();
    const auto reader =
        Reader::open(log.store(), people, asked({{"order", "shop.order-9"}}), log.head());
    ASSERT_FALSE(reader.has_value());
    EXPECT_EQ(reader.error().status, 404);
    EXPECT_EQ(reader.error().field, "order");
}

TEST(TrailReader, ends_at_the_head_it_began_with) {
    auto log = dispute();
    auto reader = *Reader::open(log.store(), people, asked({{"actor", "somebody"}}), log.head());
    log.add({.stream = "shop.order-3"});
    EXPECT_EQ(survey(reader)->events, 11U);
    EXPECT_EQ((*reader.next())->size(), 11U);
    EXPECT_FALSE(reader.next()->has_value());
}

TEST(TrailReader, a_person_may_be_named_in_one_system) {
    auto log = dispute();
    log.add({.stream = "market.order-1", .correlation = "m1", .tags = {"user:1"}});
    log.add(
        {.stream = "operations.journal-trail", .correlation = "", .tags = {"person:shop/user:1"}});
    log.add({.stream = "operations.journal-trail",
             .correlation = "",
             .tags = {"person:market/user:1"}});
    log.add({.stream = "operations.journal-privacy", .correlation = "", .tags = {"person:1"}});
    const auto from = [&](const std::string& person) {
        return read(log, asked({{"person", person}, {"from", "12"}}));
    };
    EXPECT_EQ(from("1"), (Positions{12, 13, 14, 15}));
    EXPECT_EQ(from("shop/user:1"), (Positions{13, 15}));
    EXPECT_EQ(from("market/user:1"), (Positions{12, 14, 15}));
    EXPECT_EQ(from("shop/user:2"), Positions{});
    EXPECT_EQ(read(log, asked({{"person", "shop/order:2"}})), (Positions{6, 7}));
    const auto events_of = [&](const std::string& person) {
        return read(log, asked({{"person", person}, {"to", "11"}}));
    };
    EXPECT_EQ(events_of("shop/buyer:1"), events_of("shop/user:1")) << "by the tag of the kind";
    EXPECT_FALSE(events_of("shop/buyer:1").empty());
}

TEST(TrailReader, a_person_may_be_named_by_the_key_of_their_fields) {
    Log log;
    log.add({.stream = "repairshop.receipt-1", .payload = R"({"vehiNo":"sealed:v1:ab12:xyz;"})"});
    log.add({.stream = "repairshop.repair-1", .causation = "repairshop.receipt-1@1"});
    log.add({.stream = "repairshop.receipt-2", .correlation = "c2"});
    log.add({.stream = "operations.journal-privacy",
             .correlation = "c3",
             .tags = {"person:repairshop/key:ab12"}});
    EXPECT_EQ(read(log, asked({{"person", "repairshop/key:ab12"}})), (Positions{1, 2, 4}));
    EXPECT_EQ(read(log, asked({{"person", "repairshop/key:ab1"}})), Positions{});
}

TEST(TrailSurvey, knows_whom_it_concerns) {
    auto log = dispute();
    auto one = *Reader::open(log.store(), people, asked({{"order", "shop.order-1"}}), log.head());
    EXPECT_EQ(survey(one)->persons, std::vector<std::string>{"shop/user:1"});
    EXPECT_FALSE(survey(one)->more_persons);
    auto payment =
        *Reader::open(log.store(), people, asked({{"stream", "payment.payment-1"}}), log.head());
    EXPECT_EQ(survey(payment)->persons, std::vector<std::string>{"shop/user:1"}) << "no tag of it";
    auto late = *Reader::open(log.store(), people,
                              asked({{"order", "shop.order-1"}, {"from", "11"}}), log.head());
    EXPECT_EQ(survey(late)->persons, std::vector<std::string>{"shop/user:1"})
        << "nor of its request";
    for (int i = 0; i < 30; ++i)
        log.add({.stream = "shop.order-7", .tags = {fmt::format("person:p{}", i)}});
    auto all = *Reader::open(log.store(), people, asked({}), log.head());
    EXPECT_EQ(survey(all)->persons.size(), Survey::most_persons);
    EXPECT_TRUE(survey(all)->more_persons);
}

using eventstore::StoreResult;

// Counts the events that it gives.
class CountedLog final : public eventstore::StagingStore {
  public:
    explicit CountedLog(const eventstore::EventStore& log) : StagingStore(log.head()), log_(log) {}
    StoreResult<eventstore::Page> read_stream(const eventstore::StreamQuery& query) const override {
        auto page = log_.read_stream(query);
        if (page) read_ += page->events.size();
        return page;
    }
    StoreResult<eventstore::Page> read_all(const eventstore::AllQuery& query) const override {
        auto page = log_.read_all(query);
        if (page) read_ += page->events.size();
        return page;
    }
    StoreResult<std::optional<std::string>> value(eventstore::Table table,
                                                  std::string_view key) const override {
        return log_.value(table, key);
    }
    StoreResult<std::vector<eventstore::TableEntry>> entries(eventstore::Table table,
                                                             std::string_view prefix,
                                                             std::string_view after,
                                                             std::size_t max) const override {
        return log_.entries(table, prefix, after, max);
    }
    std::size_t take_read() const { return std::exchange(read_, 0); }

  protected:
    StoreResult<void> persist(const eventstore::Batch&) override { return {}; }
    StoreResult<eventstore::Version> stored_head(std::string_view) const override {
        return eventstore::Version{0};
    }

  private:
    const eventstore::EventStore& log_;
    mutable std::size_t read_ = 0;
};

std::size_t read_by(const CountedLog& counted, const Query& query, Position head) {
    auto reader = *Reader::open(counted, people, query, head);
    for (auto page = reader.next(); page && *page; page = reader.next()) continue;
    return counted.take_read();
}

TEST(TrailReader, begins_and_ends_where_a_time_does) {
    Log log;
    for (int i = 1; i <= 5000; ++i) {
        if (i == 2001) log.set_back(10);
        log.add({.stream = i % 4 == 0 ? "other-1" : "long-1", .type = "a.b.v1"});
    }
    const CountedLog counted{log.store()};
    const auto events = log.events();
    for (const auto& values : std::vector<Parameters>{
             {}, {{"stream", "long-1"}}, {{"type", "a.b.v1"}}, {{"type", "a.*"}}})
        for (const std::size_t from : {1, 1995, 2500, 4990}) {
            auto given = values;
            given.add("from", to_text(events[from]->time));
            given.add("to", to_text(events[from + 9]->time));
            const auto query = asked(given);
            EXPECT_LE(read_by(counted, query, log.head()), 140u) << to_text(query);
        }
    EXPECT_LE(read_by(counted, asked({{"from", "2026-11-19"}}), log.head()), 140u);
    EXPECT_LE(read_by(counted, asked({{"to", "2026-11-17"}}), log.head()), 60u);
}

TEST(TrailReader, begins_where_a_part_of_a_stream_begins) {
    Log log;
    for (int i = 1; i <= 5000; ++i) log.add({.stream = i % 4 == 0 ? "other-1" : "long-1"});
    const CountedLog counted{log.store()};
    for (const auto from : {1, 2, 4, 2500, 4999, 5000, 5001, 9000}) {
        Positions expected;
        for (Position at = static_cast<Position>(from); at <= 5000; ++at)
            if (at % 4 != 0) expected.push_back(at);
        const auto query = asked({{"stream", "long-1"}, {"from", std::to_string(from)}});
        EXPECT_EQ(read(log, query), expected) << from;
        EXPECT_LE(read_by(counted, query, log.head()), expected.size() + 16) << "from " << from;
    }
}

}  // namespace
}  // namespace yeyak::trail
