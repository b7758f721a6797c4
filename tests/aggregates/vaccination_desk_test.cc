// What people and the hospital ask for, with everything that follows in the same commit.
#include "aggregates/vaccination/desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "aggregates/vaccination/stock.h"
#include "tests/aggregates/vaccination_world.h"

namespace yeyak::tests::vaccines {
namespace {

std::vector<std::string> of_users(const Clinic& clinic) {
    auto all = clinic.types();
    std::erase_if(all, [](const auto& type) { return type == "stock_received"; });
    return all;
}

// Once the messages are delivered, too.
std::string at_rest(Clinic& clinic) {
    clinic.settle();
    return clinic.wrong();
}

TEST(VaccinationDesk, one_wish_is_one_commit_VAC_A3) {
    Clinic clinic;
    const auto reply = clinic.wish_for(1);
    EXPECT_EQ(clinic.changes(), 1);
    EXPECT_EQ(reply.code(), "ok");
    EXPECT_EQ(reply.stream, "vaccination.user-1");
    const std::vector<std::string> expected{"user_reservation_requested",
                                            "booking_stepped",
                                            "place_taken",
                                            "booking_stepped",
                                            "reservation_requested",
                                            "booking_stepped",
                                            "dose_reserved",
                                            "booking_stepped",
                                            "hospital_reservation_received",
                                            "vaccine_assigned",
                                            "notification_requested"};
    auto made = of_users(clinic);
    EXPECT_TRUE(std::ranges::is_permutation(made, expected)) << testing::PrintToString(made);
    EXPECT_EQ(clinic.saga_of(1), "completed");
    EXPECT_EQ(clinic.available("Pfizer") + clinic.available("Moderna"), 1999);
    EXPECT_EQ(at_rest(clinic), "");
}
TEST(VaccinationDesk, only_tomorrow_and_nine_days_more_are_offered_VAC_X1) {
    Clinic clinic;
    for (const int days : {-1, 0, 11}) {
        EXPECT_EQ(clinic.wish_for(1, days).code(), "date_not_offered") << days;
        EXPECT_TRUE(of_users(clinic).empty()) << "a refusal leaves nothing";
    }
    EXPECT_EQ(clinic.wish_for(1, 1).code(), "ok");
    EXPECT_EQ(clinic.wish_for(2, 10).code(), "ok");
}
TEST(VaccinationDesk, the_days_are_those_of_seoul) {
    Clinic clinic;
    clinic.now = *parse_instant("2021-09-29T14:59:59Z");  // still the 29th there
    EXPECT_EQ(clinic.wish_for(1, 1).code(), "ok");
    clinic.now = *parse_instant("2021-09-29T15:00:00Z");  // midnight
    EXPECT_EQ(clinic.wish_for(2, 1).code(), "date_not_offered");
    EXPECT_EQ(clinic.wish_for(2, 11).code(), "ok");
}
TEST(VaccinationDesk, a_person_has_one_active_reservation_VAC_X3) {
    Clinic clinic;
    EXPECT_EQ(clinic.wish_for(1).code(), "ok");
    const auto before = clinic.log().size();
    EXPECT_EQ(clinic.wish_for(1).code(), "already_reserved");
    EXPECT_EQ(clinic.log().size(), before);
    EXPECT_EQ(clinic.wish_for(2).code(), "ok");
    EXPECT_EQ(clinic.cancel_of(1).code(), "ok");
    const auto again = clinic.wish_for(1);
    EXPECT_EQ(again.stream, "vaccination.user-3") << "numbers are never given twice";
    EXPECT_EQ(clinic.inject(3).code(), "ok");
    EXPECT_EQ(clinic.wish_for(1).code(), "ok") << "after an injection one may come again";
    EXPECT_EQ(at_rest(clinic), "");
}
TEST(VaccinationDesk, of_many_at_once_the_right_number_get_a_place) {
    Clinic clinic;
    std::vector<World::AnswerPtr> answers;
    for (int who = 0; who < 64; ++who) answers.push_back(clinic.submit_wish(who, 6, 10));
    clinic.run_batch();
    EXPECT_EQ(std::ranges::count_if(answers, [](auto& a) { return a->reply.code() == "ok"; }), 10);
    EXPECT_EQ(std::ranges::count_if(
                  answers, [](auto& a) { return a->reply.code() == "date_not_available"; }),
              54);
    EXPECT_EQ(clinic.users(), 10);
    EXPECT_EQ(at_rest(clinic), "");
}
TEST(VaccinationDesk, of_many_at_once_one_gets_the_last_dose) {
    Clinic clinic{0};
    clinic.submit(clinic.engine->work({.now = clinic.now,
                                       .cause = {},
                                       .idempotency_key = "",
                                       .fingerprint = "",
                                       .resolves = "",
                                       .guard = std::nullopt,
                                       .decide =
                                           [](Unit& unit) {
                                               return unit.execute<StockContract>(
                                                   "Pfizer", ReceiveStock{"Pfizer", 99, 1});
                                           },
                                       .watch = std::nullopt,
                                       .done = nullptr}));
    std::vector<World::AnswerPtr> answers;
    for (int who = 0; who < 64; ++who)
        answers.push_back(clinic.submit_wish(who, 6, 100, static_cast<std::uint64_t>(who)));
    clinic.run_batch();
    EXPECT_EQ(std::ranges::count_if(answers, [](auto& a) { return a->reply.code() == "ok"; }), 1);
    EXPECT_EQ(std::ranges::count_if(
                  answers, [](auto& a) { return a->reply.code() == "vaccine_unavailable"; }),
              63);
    EXPECT_EQ(clinic.available("Pfizer"), 0);
    EXPECT_EQ(at_rest(clinic), "");
}
TEST(VaccinationDesk, reserve_and_cancel_leave_the_stock_as_it_was_VAC_A15) {
    Clinic clinic;
    for (std::int64_t user = 1; user <= 20; ++user) {
        EXPECT_EQ(clinic.wish_for(1, 6, 1, static_cast<std::uint64_t>(user)).code(), "ok");
        EXPECT_EQ(clinic.cancel_of(user).code(), "ok");
        EXPECT_EQ(clinic.saga_of(user), "compensated");
    }
    EXPECT_EQ(clinic.available("Pfizer"), 1000);
    EXPECT_EQ(clinic.available("Moderna"), 1000);
    EXPECT_EQ(at_rest(clinic), "");
}
TEST(VaccinationDesk, one_ends_once_VAC_X7) {
    Clinic clinic;
    EXPECT_EQ(clinic.inject(1).code(), "user_not_found");
    EXPECT_EQ(clinic.cancel_of(1).code(), "user_not_found");
    clinic.wish_for(1);
    clinic.wish_for(2);
    EXPECT_EQ(clinic.inject(1).code(), "ok");
    EXPECT_EQ(clinic.cancel_of(2).code(), "ok");
    const auto before = clinic.log().size();
    EXPECT_EQ(clinic.inject(1).code(), "already_injected");
    EXPECT_EQ(clinic.cancel_of(1).code(), "already_injected");
    EXPECT_EQ(clinic.inject(2).code(), "already_cancelled");
    EXPECT_EQ(clinic.cancel_of(2).code(), "already_cancelled");
    EXPECT_EQ(clinic.log().size(), before);
    EXPECT_EQ(at_rest(clinic), "");
}
// --- nobody comes --------------------------------------------------------------------------------

TEST(VaccinationNoShow, a_dose_that_nobody_came_for_is_the_next_one_s_SH_16) {
    Clinic clinic{1};
    EXPECT_EQ(clinic.wish_for(1, 6, 1).code(), "ok");
    EXPECT_EQ(clinic.wish_for(2, 6, 1).code(), "date_not_available");
    EXPECT_EQ(clinic.no_show(1).code(), "day_not_come");
    clinic.pass_days(6);
    EXPECT_EQ(clinic.no_show(1).code(), "ok");
    EXPECT_EQ(clinic.saga_of(1), "compensated");
    EXPECT_EQ(clinic.available("Pfizer"), 1);
    EXPECT_EQ(clinic.wish_for(1, 12, 1).code(), "ok") << "the person may come again";
    EXPECT_EQ(clinic.inject(1).code(), "already_cancelled");
    EXPECT_EQ(clinic.no_show(1).code(), "already_cancelled");
    EXPECT_EQ(clinic.no_show(7).code(), "user_not_found");
    EXPECT_EQ(at_rest(clinic), "");
}
TEST(VaccinationNoShow, the_end_of_a_day_finds_who_did_not_come_and_nobody_else) {
    Clinic clinic;
    clinic.wish_for(1, 1);
    clinic.wish_for(2, 1);
    clinic.wish_for(3, 1);
    clinic.wish_for(4, 2);
    clinic.inject(2);
    clinic.cancel_of(3);
    clinic.pass_days(1);
    clinic.close_days();
    EXPECT_EQ(clinic.saga_of(1), "completed") << "the day is not over";
    clinic.pass_days(1);
    clinic.close_days();
    EXPECT_EQ(clinic.saga_of(1), "compensated");
    EXPECT_EQ(clinic.saga_of(2), "injected");
    EXPECT_EQ(clinic.saga_of(3), "compensated");
    EXPECT_EQ(clinic.saga_of(4), "completed") << "may still come today";
    const auto before = clinic.log().size();
    clinic.close_days();
    EXPECT_EQ(clinic.log().size(), before) << "a day is closed once";
    EXPECT_EQ(at_rest(clinic), "");
}
TEST(VaccinationNoShow, many_of_them_and_many_days_are_recorded_bit_by_bit) {
    Clinic clinic;
    for (int who = 0; who < 120; ++who) clinic.wish_for(who, 1, 1000);
    clinic.pass_days(2);
    EXPECT_EQ(clinic.close_days(), 2);
    clinic.wish_for(1);
    clinic.pass_days(250);
    EXPECT_EQ(clinic.close_days(), 3);
    for (const std::int64_t user : {1, 120, 121}) EXPECT_EQ(clinic.saga_of(user), "compensated");
    EXPECT_EQ(at_rest(clinic), "");
}
TEST(VaccinationNoShow, of_a_stopped_hospital_is_recorded_when_it_is_back) {
    Clinic clinic;
    clinic.wish_for(1, 1);
    clinic.submit_context("hospital", ContextState::down);
    clinic.run_batch();
    clinic.pass_days(2);
    EXPECT_EQ(clinic.no_show(1).ended, Ended::context_down);
    EXPECT_EQ(clinic.close_days(), 1);
    clinic.submit_all_up();
    clinic.run_batch();
    clinic.close_days();
    EXPECT_EQ(clinic.saga_of(1), "compensated");
    EXPECT_EQ(at_rest(clinic), "");
}

TEST(VaccinationDesk, a_person_is_found_by_the_number_VAC_A5) {
    Clinic clinic;
    auto unknown = clinic.submit_cancel_of_person(1);
    clinic.run_batch();
    EXPECT_EQ(unknown->reply.code(), "user_not_found");
    clinic.wish_for(7);
    clinic.wish_for(1);
    auto cancelled = clinic.submit_cancel_of_person(1);
    clinic.run_batch();
    EXPECT_EQ(cancelled->reply.code(), "ok");
    EXPECT_EQ(cancelled->reply.stream, "vaccination.user-2");
}
TEST(VaccinationDesk, the_first_delivery_comes_once) {
    Clinic clinic{5};
    const auto before = clinic.log().size();
    CommandWork request;
    request.decide = [](Unit& unit) { return fill_stock(unit, {"Pfizer", "Moderna"}, 7); };
    clinic.ask(std::move(request));
    EXPECT_EQ(clinic.log().size(), before);
    request.decide = [](Unit& unit) { return fill_stock(unit, {"Pfizer", "Novavax"}, 7); };
    clinic.ask(std::move(request));
    EXPECT_EQ(clinic.available("Pfizer"), 5);
    EXPECT_EQ(clinic.available("Novavax"), 7);
}

// --- the lot ------------------------------------------------------------------------------------

TEST(VaccineLot, every_order_of_the_types_is_equally_likely_VAC_F4) {
    const std::vector<std::string> four{"Pfizer", "Moderna", "Janssen", "AstraZeneca"};
    std::map<std::vector<std::string>, int> orders;
    for (std::uint64_t draw = 0; draw < 24 * 100; ++draw) ++orders[order_by_lot(four, draw)];
    EXPECT_EQ(orders.size(), 24u);
    for (const auto& [order, times] : orders) EXPECT_EQ(times, 100);
    EXPECT_TRUE(order_by_lot({}, 7).empty());
    EXPECT_EQ(order_by_lot({"Pfizer"}, 7), std::vector<std::string>{"Pfizer"});
}

// Twelve thousand draws of a full 64 bits (splitmix64), as the edge makes them.
std::uint64_t draw_number(std::uint64_t n) {
    std::uint64_t x = n * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

// Whatever is out of stock, the first type that is not is a uniform choice of the others.
TEST(VaccineLot, the_choice_is_uniform_among_those_in_stock) {
    const std::vector<std::string> four{"Pfizer", "Moderna", "Janssen", "AstraZeneca"};
    constexpr int draws = 12'000;
    for (unsigned in_stock = 1; in_stock < 16; ++in_stock) {
        std::map<std::string, std::int64_t> chosen;
        for (std::uint64_t n = 1; n <= draws; ++n) {
            for (const auto& type : order_by_lot(four, draw_number(n))) {
                const auto index = std::ranges::find(four, type) - four.begin();
                if ((in_stock >> index & 1u) == 0) continue;
                ++chosen[type];
                break;
            }
        }
        const std::int64_t kinds = std::popcount(in_stock);
        ASSERT_EQ(std::ssize(chosen), kinds);
        std::int64_t chi_square = 0;  // times `expected`, to stay whole
        const std::int64_t expected = draws / kinds;
        for (const auto& [type, times] : chosen)
            chi_square += (times - expected) * (times - expected);
        // 16.27 is what a fair lot exceeds once in a thousand times, for three degrees of freedom.
        EXPECT_LE(chi_square, expected * 16) << in_stock;
    }
}

}  // namespace
}  // namespace yeyak::tests::vaccines
