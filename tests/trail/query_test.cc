// What may be asked for, and what it means.
#include "audit/trail/query.h"

#include <gtest/gtest.h>

#include "audit/trail/telling.h"

namespace yeyak::trail {
namespace {

std::string refused(const Parameters& values) {
    const auto query = parse_query(values);
    if (query) return "taken";
    std::string all;
    for (const auto& fault : query.error())
        all += (all.empty() ? "" : ", ") + fault.code + " " + fault.field;
    return all;
}

RecordedEvent event_at(Position position, Instant time) {
    RecordedEvent event;
    event.position = position;
    event.time = time;
    event.stream = "payment.payment-market-17";
    event.data.type = "payment.payment_paid.v1";
    event.data.actor = "user:1";
    event.data.correlation_id = "c";
    return event;
}

bool takes(const Parameters& values, const RecordedEvent& event) {
    return matches(*parse_query(values), event);
}

TEST(TrailQuery, refuses_what_it_does_not_know) {
    EXPECT_EQ(refused({{"colour", "red"}}), "unknown_parameter colour");
    EXPECT_EQ(refused({{"order", ""}}), "bad_parameter order");
    EXPECT_EQ(refused({{"order", "a"}, {"order", "b"}}), "bad_parameter order");
    EXPECT_EQ(refused({{"from", "yesterday"}}), "bad_parameter from");
    EXPECT_EQ(refused({{"to", "2026-02-30"}}), "bad_parameter to");
    EXPECT_EQ(refused({{"limit", "0"}}), "bad_parameter limit");
    EXPECT_EQ(refused({{"after", "-1"}}), "bad_parameter after");
    EXPECT_EQ(refused({{"person", std::string(181, 'x')}}), "bad_parameter person");
    EXPECT_EQ(refused({{"person", "vaccination/reg:890309-2766876"}}), "bad_parameter person");
    EXPECT_EQ(refused({{"person", "repairshop/vehicle:0101"}}), "bad_parameter person");
    EXPECT_EQ(refused({{"actor", "a\nb"}}), "bad_parameter actor");
    EXPECT_EQ(refused({{"actor", "\xff"}}), "bad_parameter actor");
    EXPECT_EQ(refused({{"type", "a*"}, {"type", "b"}, {"limit", "5"}}), "taken");
}

TEST(TrailQuery, all_that_is_wrong_is_told_at_once) {
    EXPECT_EQ(refused({{"colour", "red"}, {"limit", "0"}, {"from", "soon"}, {"to", "later"}}),
              "unknown_parameter colour, bad_parameter limit, bad_parameter from, "
              "bad_parameter to");
    const auto asked =
        parse_question({{"person", "1"}, {"format", "pdf"}, {"after", "x"}}, Format::json);
    ASSERT_FALSE(asked.has_value());
    std::string fields;
    for (const auto& fault : asked.error()) fields += fault.field + " ";
    EXPECT_EQ(fields, "format after reason ");
}

TEST(TrailQuery, a_reading_by_person_needs_a_reason) {
    const auto without = parse_question({{"person", "1"}}, Format::json);
    ASSERT_FALSE(without.has_value());
    EXPECT_EQ(without.error().front().code, "missing_reason");
    EXPECT_TRUE(parse_question({{"person", "1"}, {"reason", "dispute"}}, Format::json).has_value());
    EXPECT_FALSE(parse_question({{"format", "pdf"}}, Format::json).has_value());
    EXPECT_FALSE(parse_question({{"columns", "0"}}, Format::json).has_value());
}

TEST(TrailQuery, both_ends_count) {
    const auto midnight = *parse_instant("2026-11-20T00:00:00+09:00");
    const auto event = event_at(7, midnight);
    EXPECT_TRUE(takes({{"from", "7"}, {"to", "7"}}, event));
    EXPECT_FALSE(takes({{"from", "8"}}, event));
    EXPECT_FALSE(takes({{"to", "6"}}, event));
    EXPECT_TRUE(takes({{"from", "2026-11-20"}, {"to", "2026-11-20"}}, event));
    EXPECT_FALSE(takes({{"to", "2026-11-19"}}, event));
    EXPECT_TRUE(takes({{"to", "2026-11-19"}}, event_at(7, midnight + -1)));
    EXPECT_TRUE(takes({{"from", "2026-11-19T15:00:00Z"}}, event));
    EXPECT_FALSE(takes({{"from", "2026-11-19T15:00:00.001Z"}}, event));
    EXPECT_FALSE(takes({{"after", "7"}}, event));
    EXPECT_TRUE(takes({{"after", "6"}}, event));
}

TEST(TrailQuery, a_system_has_its_payments_and_notifications) {
    const auto event = event_at(1, {});
    EXPECT_TRUE(takes({{"system", "market"}}, event));
    EXPECT_TRUE(takes({{"system", "payment"}}, event));
    EXPECT_FALSE(takes({{"system", "mark"}}, event));
    EXPECT_FALSE(takes({{"system", "phoneshop"}}, event));
}

TEST(TrailQuery, all_filters_must_hold) {
    const auto event = event_at(1, {});
    EXPECT_TRUE(takes({{"actor", "user:1"}, {"type", "x"}, {"type", "payment.*"}}, event));
    EXPECT_FALSE(takes({{"actor", "user:2"}, {"type", "payment.*"}}, event));
    EXPECT_FALSE(takes({{"actor", "user:1"}, {"type", "x"}}, event));
    EXPECT_FALSE(takes({{"correlation", "d"}}, event));
    EXPECT_FALSE(takes({{"stream", "payment.payment-market-1"}}, event));
}

// By its definition: '*' is any text.
bool glob_by_definition(std::string_view glob, std::string_view text) {
    if (glob.empty()) return text.empty();
    if (glob[0] != '*')
        return !text.empty() && glob[0] == text[0] &&
               glob_by_definition(glob.substr(1), text.substr(1));
    for (std::size_t i = 0; i <= text.size(); ++i)
        if (glob_by_definition(glob.substr(1), text.substr(i))) return true;
    return false;
}

// All globs and texts of up to five letters out of few.
TEST(TrailQuery, globs_are_as_defined) {
    const auto word = [](unsigned number, std::string_view letters) {
        std::string made;
        for (; number > 0; number /= 4)
            if (number % 4 > 0) made += letters[number % 4 - 1];
        return made;
    };
    for (unsigned g = 0; g < 1024; ++g)
        for (unsigned t = 0; t < 1024; t += 3) {
            const auto glob = word(g, "ab*");
            const auto text = word(t, "abc");
            ASSERT_EQ(glob_matches(glob, text), glob_by_definition(glob, text))
                << glob << ' ' << text;
        }
}

TEST(TrailQuery, is_printed_as_it_was_asked) {
    const auto query =
        parse_query({{"type", "a.*"}, {"order", "o-1"}, {"limit", "5"}, {"to", "9"}});
    EXPECT_EQ(to_text(*query), "order=o-1&type=a.*&to=9&limit=5");
}

}  // namespace
}  // namespace yeyak::trail
