// The smaller parts of the kernel: deciders, events and their former shapes, time, the LRU map.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "eventstore/lru_map.h"
#include "kernel/decider.h"
#include "kernel/ended.h"
#include "kernel/json_impl.h"
#include "kernel/match.h"

namespace yeyak {
namespace {

using testing::ElementsAre;

// --- a decider
// ---------------------------------------------------------------------------------------

struct Door {
    struct Closed {
        friend bool operator==(const Closed&, const Closed&) = default;
    };
    struct Open {
        int by = 0;
        friend bool operator==(const Open&, const Open&) = default;
    };
    struct Opened {
        int by = 0;
    };
    struct Shut {};
    struct OpenIt {
        int by = 0;
    };
    struct ShutIt {};
    using State = std::variant<Closed, Open>;
    using Event = std::variant<Opened, Shut>;
    using Command = std::variant<OpenIt, ShutIt>;
    enum class Rejection { held_open_by_another };

    static Decision<Event, Rejection> decide(const State& state, const Command& command) {
        using V = Answers<Event, Rejection>;
        return match<Decision<Event, Rejection>>(state, command)(
            [](const Closed&, const OpenIt& c) { return V::accept(Opened{c.by}); },
            [](const Closed&, const ShutIt&) { return V::unchanged(); },
            [](const Open& s, const OpenIt& c) {
                return s.by == c.by ? V::unchanged() : V::refuse(Rejection::held_open_by_another);
            },
            [](const Open&, const ShutIt&) { return V::accept(Shut{}); });
    }
    static State evolve(const State&, const Event& event) {
        return match<State>(event)([](const Opened& e) { return Open{e.by}; },
                                   [](const Shut&) { return Closed{}; });
    }
};
static_assert(Decider<Door>);

TEST(Decider, accepts_refuses_or_leaves_as_it_is) {
    const auto opened = Door::decide(Door::State{}, Door::OpenIt{1});
    ASSERT_TRUE(opened);
    ASSERT_EQ(opened->size(), 1u);
    const auto state = fold<Door>(*opened);
    EXPECT_EQ(state, Door::State{Door::Open{1}});
    EXPECT_TRUE(Door::decide(state, Door::OpenIt{1})->empty());
    EXPECT_EQ(Door::decide(state, Door::OpenIt{2}).error(), Door::Rejection::held_open_by_another);
    EXPECT_EQ(fold<Door>(*Door::decide(state, Door::ShutIt{}), state), Door::State{});
}

TEST(Decider, accepts_several_events_in_order) {
    using V = Answers<Door::Event, Door::Rejection>;
    const auto both = V::accept(Door::Opened{3}, Door::Shut{});
    ASSERT_EQ(both->size(), 2u);
    EXPECT_TRUE(std::holds_alternative<Door::Shut>(both->back()));
}

RC_GTEST_PROP(Decider, a_fold_goes_on_where_it_stopped,
              (std::vector<bool> opens, std::size_t cut)) {
    std::vector<Door::Event> events;
    for (std::size_t i = 0; i < opens.size(); ++i)
        events.push_back(opens[i] ? Door::Event{Door::Opened{static_cast<int>(i)}} : Door::Shut{});
    const auto middle = events.begin() + static_cast<long>(cut % (events.size() + 1));
    const auto prefix = fold<Door>(std::vector<Door::Event>(events.begin(), middle));
    RC_ASSERT(fold<Door>(std::vector<Door::Event>(middle, events.end()), prefix) ==
              fold<Door>(events));
}

// --- events and their former shapes
// ------------------------------------------------------------------

struct PaidV1 {
    static constexpr std::string_view type = "payment.paid.v1";
    std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(PaidV1, (), (amount))
struct PaidV2 {
    static constexpr std::string_view type = "payment.paid.v2";
    using Former = PaidV1;
    static PaidV2 upcast(const PaidV1& old) { return {old.amount, "KRW"}; }
    std::int64_t amount = 0;
    std::string currency;
};
BOOST_DESCRIBE_STRUCT(PaidV2, (), (amount, currency))
struct Paid {
    static constexpr std::string_view type = "payment.paid.v3";
    using Former = PaidV2;
    static Paid upcast(const PaidV2& old) { return {Won{old.amount}, old.currency == "KRW"}; }
    Won amount;
    bool domestic = false;
};
BOOST_DESCRIBE_STRUCT(Paid, (), (amount, domestic))
struct Refunded {
    static constexpr std::string_view type = "payment.refunded.v1";
};
BOOST_DESCRIBE_STRUCT(Refunded, (), ())
using PaymentEvent = std::variant<Paid, Refunded>;

TEST(Ended, is_told_by_the_codes_that_were_released) {
    EXPECT_EQ(code_of(Ended::ok), "ok");
    EXPECT_EQ(code_of(Ended::context_down), "context_down");
    EXPECT_EQ(code_of(Ended::key_reused), "idempotency_key_reused");
    EXPECT_EQ(code_of(Ended::refused, "order_exists"), "order_exists");
    for (const auto ended : {Ended::ok, Ended::context_down, Ended::key_reused})
        EXPECT_EQ(ended_of(code_of(ended)), ended);
    EXPECT_EQ(ended_of("order_exists"), Ended::refused);
}

TEST(Events, every_released_shape_is_read_as_the_newest) {
    for (const auto& [type, payload] : {std::pair{"payment.paid.v1", R"({"amount":5})"},
                                        {"payment.paid.v2", R"({"amount":5,"currency":"KRW"})"},
                                        {"payment.paid.v3", R"({"amount":5,"domestic":true})"}}) {
        EXPECT_TRUE(is_event_type<PaymentEvent>(type));
        const auto event = decode_event<PaymentEvent>(type, payload);
        ASSERT_TRUE(event) << type << " " << event.error().detail;
        EXPECT_EQ(type_of(*event), "payment.paid.v3");
        EXPECT_EQ(std::get<Paid>(*event).amount, Won{5});
        EXPECT_TRUE(std::get<Paid>(*event).domestic);
    }
    EXPECT_EQ(encode_event<PaymentEvent>(Refunded{}), "{}");
    EXPECT_TRUE(decode_event<PaymentEvent>("payment.refunded.v1", R"({"later":"field"})"));
}

TEST(Events, an_unknown_type_or_a_bad_payload_is_an_error) {
    EXPECT_FALSE(is_event_type<PaymentEvent>("payment.paid.v4"));
    EXPECT_EQ(decode_event<PaymentEvent>("payment.paid.v4", "{}").error().code, "unknown_event");
    EXPECT_EQ(decode_event<PaymentEvent>("payment.paid.v1", "{}").error().code, "missing_field");
    EXPECT_EQ(decode_event<PaymentEvent>("payment.paid.v2", R"({"amount":5})").error().field,
              "currency");
}

// --- time
// --------------------------------------------------------------------------------------------

TEST(Time, a_day_in_seoul_begins_at_15_utc_of_the_day_before) {
    const auto date = [](const char* at) { return to_text(seoul_date(*parse_instant(at))); };
    EXPECT_EQ(date("2026-11-20T14:59:59.999Z"), "2026-11-20");
    EXPECT_EQ(date("2026-11-20T15:00:00Z"), "2026-11-21");
    EXPECT_EQ(date("2026-12-31T15:00:00Z"), "2027-01-01");
    EXPECT_EQ(date("2028-02-28T15:00:00Z"), "2028-02-29");
    EXPECT_EQ(date("2027-02-28T15:00:00Z"), "2027-03-01");
    EXPECT_EQ(date("1969-12-31T14:59:59.999Z"), "1969-12-31");
    EXPECT_EQ(date("1969-12-31T15:00:00Z"), "1970-01-01");
}

TEST(Time, reads_rfc3339) {
    const auto ms = [](const char* text) { return parse_instant(text)->ms; };
    EXPECT_EQ(ms("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(ms("1970-01-01T09:00:00+09:00"), 0);
    EXPECT_EQ(ms("1969-12-31T23:30:00-00:30"), 0);
    EXPECT_EQ(ms("1970-01-01T00:00:00.5Z"), 500);
    EXPECT_EQ(ms("1970-01-01T00:00:00.123456789Z"), 123);
    EXPECT_EQ(ms("1969-12-31T23:59:59.999Z"), -1);
    EXPECT_EQ(to_text(Instant{-1}), "1969-12-31T23:59:59.999Z");
}

TEST(Time, refuses_what_is_not_an_instant_or_a_day) {
    for (const char* bad :
         {"", "2026-11-20", "2026-11-20T11:28:30", "2026-11-20 11:28:30Z", "2026-11-20T24:00:00Z",
          "2026-11-20T11:60:00Z", "2026-11-20T11:28:60Z", "2026-02-29T00:00:00Z",
          "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-20T11:28:30.Z",
          "2026-11-20T11:28:30.1234567890Z", "2026-11-20T11:28:30+9:00",
          "2026-11-20T11:28:30+24:00", "2026-11-20T11:28:30Zx", " 2026-11-20T11:28:30Z",
          "+026-11-20T11:28:30Z"})
        EXPECT_EQ(parse_instant(bad), std::nullopt) << bad;
    for (const char* bad :
         {"", "2026-1-01", "2026-11-31", "2100-02-29", "2026/11/20", "2026-11-20 "})
        EXPECT_EQ(parse_date(bad), std::nullopt) << bad;
    EXPECT_TRUE(parse_date("2000-02-29"));
    EXPECT_TRUE(parse_date("2028-02-29"));
}

RC_GTEST_PROP(Time, what_is_printed_is_read, ()) {
    const Instant at{*rc::gen::inRange<std::int64_t>(-62'167'219'200'000, 253'402'300'800'000)};
    RC_ASSERT(parse_instant(to_text(at)) == at);
    const Date day = seoul_date(at);
    if (day.days < 2'932'897) RC_ASSERT(parse_date(to_text(day)) == day);
    RC_ASSERT(seoul_date(at + 86'400'000) == day + 1);
    RC_ASSERT(to_text(at) < to_text(at + 1) || at.ms == 253'402'300'799'999);
}

// --- the LRU map
// -------------------------------------------------------------------------------------

TEST(LruMap, forgets_what_was_used_longest_ago) {
    LruMap<int> map{2};
    map.put("a", 1);
    map.put("b", 2);
    EXPECT_EQ(*map.find("a"), 1);
    map.put("c", 3);
    EXPECT_EQ(map.find("b"), nullptr);
    map.put("a", 9);
    map.put("d", 4);
    EXPECT_EQ(map.find("c"), nullptr);
    EXPECT_EQ(*map.find("a"), 9);
    EXPECT_EQ(map.size(), 2u);
}

RC_GTEST_PROP(LruMap, is_a_map_of_the_last_used_keys,
              (std::vector<std::pair<std::uint8_t, bool>> uses)) {
    LruMap<int> map{5};
    std::vector<std::pair<std::string, int>> model;  // the newest last
    for (std::size_t i = 0; i < uses.size(); ++i) {
        const auto key = std::to_string(uses[i].first % 9);
        auto known = std::ranges::find(model, key, &std::pair<std::string, int>::first);
        const int* found = map.find(key);
        RC_ASSERT((found != nullptr) == (known != model.end()));
        int value = static_cast<int>(i);
        if (found) RC_ASSERT(*found == known->second);
        if (!uses[i].second && !found) continue;
        if (!uses[i].second) value = known->second;
        if (uses[i].second) RC_ASSERT(map.put(key, value) == value);
        if (known != model.end()) model.erase(known);
        if (model.size() == 5) model.erase(model.begin());
        model.emplace_back(key, value);
    }
    RC_ASSERT(map.size() == model.size());
}

}  // namespace
}  // namespace yeyak
