// The end of the day, as a server sees it: looks, pauses, midnights, restarts, and a date that is
// set on. Time is data: nothing waits, and nothing depends on how fast the test runs.
#include <gtest/gtest.h>
// after gtest, which it needs
#include <rapidcheck/gtest.h>

#include "kernel/day_end.h"
#include "tests/aggregates/vaccination_world.h"

namespace yeyak::tests::vaccines {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

// With which the day after the day so many days ahead of today begins: its reservations are over.
Instant end_of(int days_ahead) {
    // today: nine o'clock in Seoul
    return today + ((days_ahead + 1) * day_ms - 9 * 3'600'000);
}

// What program/serve.cc does, on the clock of a clinic.
class Porter {
  public:
    explicit Porter(Clinic& clinic) : clinic_(clinic) {}

    void look(std::int64_t takes_ms = 0) {
        pause_ms_ = ms_to_next_look(clinic_.now);
        clinic_.close_days();
        clinic_.now = clinic_.now + takes_ms;
    }
    // A timer may be late, and is never early.
    void pause(std::int64_t late_ms = 0) { clinic_.now = clinic_.now + pause_ms_ + late_ms; }

  private:
    Clinic& clinic_;
    std::int64_t pause_ms_ = 0;
};

// Somebody is to come tomorrow, and does not.
struct Tomorrow : Clinic {
    Tomorrow() { wish_for(1, 1); }
};

// When the no-show of a user was recorded.
std::optional<Instant> missed_at(const Clinic& clinic, std::int64_t user) {
    for (const auto& event : clinic.log())
        if (event->data.type == "vaccination.no_show_recorded.v1" &&
            event->stream.ends_with("-" + std::to_string(user)))
            return event->time;
    return std::nullopt;
}

TEST(VaccinationMidnight, a_look_comes_at_midnight_to_the_millisecond) {
    const Instant midnight = end_of(1);
    EXPECT_EQ(ms_to_next_look(midnight + -1), 1);
    EXPECT_EQ(ms_to_next_look(midnight), longest_look_away_ms);
    EXPECT_EQ(ms_to_next_look(midnight + -59'999), 59'999);
    EXPECT_EQ(ms_to_next_look(midnight + -60'001), longest_look_away_ms);
    EXPECT_EQ(ms_to_next_look(Instant{-1}), longest_look_away_ms) << "before 1970";
    EXPECT_EQ(ms_to_next_look(Instant{-9 * 3'600'000 - 5}), 5);
}

TEST(VaccinationMidnight, nobody_is_missed_a_millisecond_before_it) {
    Tomorrow clinic;
    Porter porter{clinic};
    clinic.now = end_of(1) + -1;
    porter.look();
    EXPECT_EQ(missed_at(clinic, 1), std::nullopt);
    EXPECT_EQ(clinic.saga_of(1), "completed");
    porter.pause();
    porter.look();
    EXPECT_EQ(missed_at(clinic, 1), end_of(1));
    EXPECT_EQ(clinic.saga_of(1), "compensated");
}

TEST(VaccinationMidnight, that_passes_during_a_look_is_not_slept_over) {
    Tomorrow clinic;
    Porter porter{clinic};
    clinic.now = end_of(1) + -10;
    porter.look(500);
    porter.pause();
    porter.look();
    EXPECT_EQ(missed_at(clinic, 1), end_of(1) + 500);
}

TEST(VaccinationMidnight, that_passed_while_the_program_did_not_run_is_made_up_for) {
    for (const std::int64_t after : {std::int64_t{0}, std::int64_t{1}, day_ms}) {
        Tomorrow clinic;
        {
            Porter porter{clinic};
            clinic.now = end_of(1) + -1;
            porter.look();
        }
        clinic.now = end_of(1) + after;
        clinic.restart();
        Porter porter{clinic};
        porter.look();
        EXPECT_EQ(missed_at(clinic, 1), end_of(1) + after);
        const auto before = clinic.log().size();
        clinic.restart();
        Porter{clinic}.look();
        EXPECT_EQ(clinic.log().size(), before) << "a day is closed once";
    }
}

TEST(VaccinationMidnight, of_a_date_that_is_set_on_is_seen_within_a_minute) {
    Tomorrow clinic;
    Porter porter{clinic};
    porter.look();
    clinic.now = clinic.now + 5 * day_ms;
    const Instant set_on = clinic.now;
    porter.pause();
    porter.look();
    ASSERT_TRUE(missed_at(clinic, 1).has_value());
    EXPECT_LE(missed_at(clinic, 1)->ms - set_on.ms, longest_look_away_ms);
}

// Looks of any length, late timers, restarts, leaps of the date: whoever is not there is missed
// never before the end of the day, and at most one look and one pause after it.
RC_GTEST_PROP(VaccinationMidnight, is_never_early_and_late_by_a_pause_at_most, ()) {
    Tomorrow clinic;
    clinic.now = end_of(1) + -std::int64_t{*rc::gen::inRange(0, 200'000)};
    std::optional<Porter> porter{clinic};
    std::int64_t longest_look = 0;
    std::int64_t latest_timer = 0;
    Instant seen_late = end_of(1);  // the day is over, and the date was not set on since
    // The least numbers are the quiet ones: the clock goes on however little is drawn.
    for (int looks = 0; !missed_at(clinic, 1); ++looks) {
        RC_ASSERT(looks < 20);
        const auto takes = *rc::gen::inRange(0, 30'000);
        const auto late = *rc::gen::inRange(0, 2'000);
        longest_look = std::max<std::int64_t>(longest_look, takes);
        latest_timer = std::max<std::int64_t>(latest_timer, late);
        porter->look(takes);
        if (*rc::gen::inRange(0, 5) == 4) {
            clinic.restart();
            porter.emplace(clinic);
            continue;
        }
        if (*rc::gen::inRange(0, 5) == 4) {
            clinic.now = clinic.now + *rc::gen::inRange<std::int64_t>(0, 3 * day_ms);
            seen_late = std::max(seen_late, clinic.now);
        }
        porter->pause(late);
    }
    RC_ASSERT(*missed_at(clinic, 1) >= end_of(1));
    RC_ASSERT(missed_at(clinic, 1)->ms - seen_late.ms <=
              longest_look + longest_look_away_ms + latest_timer);
}

}  // namespace
}  // namespace yeyak::tests::vaccines
