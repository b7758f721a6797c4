// How often a client may ask.
#include "api/http/rates.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/api/http/test_server.h"

namespace yeyak::http {
namespace {

using namespace std::chrono_literals;
using Instant = Rates::Instant;

constexpr auto reads = RequestClass::reads;
constexpr auto commands = RequestClass::commands;

// Reads and commands as often as said; nothing keeps the audit from being asked.
RateOptions options(std::int64_t reads_a_second, std::int64_t commands_a_second = 1) {
    RateOptions made;
    made.per_second = {reads_a_second, commands_a_second, 0};
    return made;
}

// How many of so many requests are taken.
Caller customer(std::string subject) {
    Caller made;
    made.subject = std::move(subject);
    return made;
}

int of_caller(Rates& rates, int asked, const Caller& caller, Instant now) {
    int count = 0;
    for (int i = 0; i < asked; ++i) count += rates.take_of_caller(reads, caller, now).admitted;
    return count;
}
int of_caller(Rates& rates, int asked, std::string subject, Instant now) {
    return of_caller(rates, asked, customer(std::move(subject)), now);
}
int of_address(Rates& rates, int asked, std::string_view address, Instant now) {
    int count = 0;
    for (int i = 0; i < asked; ++i) count += rates.take_of_address(reads, address, now).admitted;
    return count;
}

TEST(Rates, a_quiet_client_may_send_ten_seconds_worth_at_once) {
    Rates rates{options(5)};
    EXPECT_EQ(of_caller(rates, 60, "user:1", 1s), 50);
    EXPECT_EQ(of_caller(rates, 60, "user:1", 2s), 5);
    EXPECT_EQ(of_caller(rates, 60, "user:1", 100s), 50);
    EXPECT_EQ(rates.refused(), 10u + 55u + 10u);
}

TEST(Rates, what_is_refused_is_not_counted) {
    Rates rates{options(1)};
    EXPECT_EQ(of_caller(rates, 1000, "user:1", 1s), 10);
    EXPECT_EQ(of_caller(rates, 10, "user:1", 2s), 1);
}

TEST(Rates, each_class_and_each_caller_has_its_own) {
    Rates rates{options(1)};
    EXPECT_EQ(of_caller(rates, 20, "user:1", 1s), 10);
    EXPECT_EQ(of_caller(rates, 20, "user:2", 1s), 10);
    EXPECT_TRUE(rates.take_of_caller(commands, customer("user:1"), 1s).admitted);
    const auto audit = rates.take_of_caller(RequestClass::audit, customer("user:1"), 1s);
    EXPECT_TRUE(audit.admitted);
    EXPECT_EQ(audit.quota, 0);
}

TEST(Rates, who_works_here_may_ask_fifty_times_as_often) {
    auto program = customer("program:1");
    program.may_write = {"orders-"};
    auto clerk = customer("clerk:1");
    clerk.reach = Reach::all;
    auto looker = customer("user:1");
    looker.reach = Reach::look;  // as customers look at products
    Rates rates{options(1)};
    EXPECT_EQ(of_caller(rates, 600, program, 1s), 500);
    EXPECT_EQ(of_caller(rates, 600, clerk, 1s), 500);
    EXPECT_EQ(of_caller(rates, 600, looker, 1s), 10);
}

TEST(Rates, an_address_gets_back_what_was_not_its) {
    Rates rates{options(1)};
    for (int i = 0; i < 300; ++i) {
        ASSERT_TRUE(rates.take_of_address(reads, "192.0.2.1", 1s).admitted);
        rates.give_back_to_address(reads, "192.0.2.1");
    }
    rates.give_back_to_address(reads, "192.0.2.2");  // never counted
    EXPECT_EQ(of_address(rates, 200, "192.0.2.1", 1s), 100);
}

TEST(Rates, an_address_may_ask_ten_times_as_often_as_a_caller) {
    Rates rates{options(1)};
    EXPECT_EQ(of_address(rates, 200, "192.0.2.1", 1s), 100);
    EXPECT_EQ(of_address(rates, 200, "192.0.2.2", 1s), 100);
    EXPECT_EQ(of_address(rates, 200, "192.0.2.1", 2s), 10);
}

TEST(Rates, a_caller_is_never_taken_for_an_address) {
    Rates rates{options(1)};
    EXPECT_EQ(of_address(rates, 200, "192.0.2.1", 1s), 100);
    EXPECT_EQ(of_caller(rates, 20, "192.0.2.1", 1s), 10);
}

TEST(Rates, addresses_of_one_ipv6_network_are_one) {
    Rates rates{options(1)};
    EXPECT_EQ(of_address(rates, 200, "2001:db8:1:2::1", 1s), 100);
    EXPECT_EQ(of_address(rates, 200, "2001:db8:1:2:ffff::9", 1s), 0);
    EXPECT_EQ(of_address(rates, 200, "2001:db8:1:3::1", 1s), 100);
    EXPECT_EQ(of_address(rates, 200, "::ffff:192.0.2.1", 1s), 100);
    EXPECT_EQ(of_address(rates, 200, "::ffff:192.0.2.2", 1s), 100);
}

TEST(Rates, what_is_left_is_told) {
    Rates rates{options(2)};
    const auto first = rates.take_of_caller(reads, customer("user:1"), 1s);
    EXPECT_EQ(first.quota, 20);
    EXPECT_EQ(first.remaining, 19);
    EXPECT_EQ(first.wait, 1s);
    for (int i = 0; i < 19; ++i) rates.take_of_caller(reads, customer("user:1"), 1s);
    const auto refused = rates.take_of_caller(reads, customer("user:1"), 1s);
    EXPECT_FALSE(refused.admitted);
    EXPECT_EQ(refused.remaining, 0);
    EXPECT_EQ(refused.wait, 1s);

    auto response = too_often(reads, refused);
    tell_rate(response, reads, refused);
    EXPECT_EQ(response.status, 429);
    EXPECT_EQ(response.problem_code, "too_many_requests");
    EXPECT_EQ(response.headers.find("Retry-After"), "1");
    EXPECT_EQ(response.headers.find("RateLimit-Policy"), "\"reads\";q=20;w=10");
    EXPECT_EQ(response.headers.find("RateLimit"), "\"reads\";r=0;t=1");
}

TEST(Rates, of_two_buckets_the_one_is_told_that_lets_less_through) {
    const Rates::Told none;
    const Rates::Told much{.quota = 100, .remaining = 90};
    const Rates::Told little{.quota = 10, .remaining = 9};
    EXPECT_EQ(tighter(much, little).quota, 10);
    EXPECT_EQ(tighter(little, much).quota, 10);
    EXPECT_EQ(tighter(none, much).quota, 100);
    EXPECT_EQ(tighter(much, none).quota, 100);
    Response untold;
    tell_rate(untold, reads, none);
    EXPECT_EQ(untold.headers.size(), 0u);
}

TEST(Rates, full_buckets_are_forgotten_and_no_more_than_the_most_are_kept) {
    auto few = options(1);
    few.most_buckets = 100;
    Rates rates{few};
    for (int i = 0; i < 1000; ++i) {
        rates.take_of_caller(reads, customer("user:" + std::to_string(i)), 1s);
        ASSERT_LE(rates.buckets(), 101u);
    }
    for (int i = 0; i < 100; ++i) rates.take_of_caller(reads, customer("user:1"), 100s);
    EXPECT_EQ(rates.buckets(), 1u);
}

TEST(Rates, requests_are_of_the_class_of_what_they_do) {
    Request request;
    request.target = "/market/products";
    EXPECT_EQ(class_of(request), reads);
    request.method = Method::post;
    EXPECT_EQ(class_of(request), commands);
    request.target = "/audit/trail?stream=x";
    EXPECT_EQ(class_of(request), RequestClass::audit);
    request.method = Method::get;
    EXPECT_EQ(class_of(request), RequestClass::audit);
}

TEST(Rates, probes_and_preflights_are_not_counted) {
    Request request;
    request.target = "/actuator/health/liveness";
    EXPECT_EQ(class_of(request), std::nullopt);
    request.method = Method::put;
    EXPECT_EQ(class_of(request), commands);
    request.target = "/market/products";
    request.method = Method::options;
    EXPECT_EQ(class_of(request), std::nullopt);
}

// A server whose door knows callers by a name that they send, and whose clock stands still.
struct Door {
    int asked = 0;

    ServerOptions options() {
        ServerOptions made;
        made.rates = {.per_second = {2, 1, 1}, .callers_of_one_address = 2};
        made.monotonic_clock = [] { return Instant{1s}; };
        made.admit = [this](Request& request, const Route*) { return ask(request); };
        return made;
    }

    boost::asio::awaitable<std::optional<Response>> ask(Request& request) {
        ++asked;
        auto caller = std::make_shared<Caller>();
        caller->subject = request.header("X-Name").value_or("");
        if (caller->subject.starts_with("clerk")) caller->reach = Reach::all;
        if (!caller->subject.empty()) request.caller = std::move(caller);
        co_return std::nullopt;
    }
};

int taken_of(testing::Client& client, int asked, std::string_view name) {
    int taken = 0;
    for (int i = 0; i < asked; ++i) {
        client.send(testing::get("/hello", name));
        taken += testing::status_of(client.answer()) == 200;
    }
    return taken;
}

TEST(RatesOfAServer, each_caller_has_his_own_and_an_address_has_those_of_some) {
    Door door;
    testing::TestServer server{door.options()};
    testing::Client client{server.port()};
    EXPECT_EQ(taken_of(client, 22, "X-Name: user:1\r\n"), 20);
    EXPECT_EQ(taken_of(client, 30, "X-Name: user:2\r\n"), 18);
    // The address has sent forty by now, two of which were refused to their caller.
    EXPECT_EQ(taken_of(client, 5, "X-Name: user:3\r\n"), 0);
    testing::Client elsewhere{server.port(), 0, "127.0.0.2"};
    EXPECT_EQ(taken_of(elsewhere, 5, "X-Name: user:3\r\n"), 5);
}

TEST(RatesOfAServer, who_works_here_counts_for_no_address) {
    Door door;
    testing::TestServer server{door.options()};
    testing::Client client{server.port()};
    EXPECT_EQ(taken_of(client, 60, "X-Name: clerk:1\r\n"), 60);
    EXPECT_EQ(taken_of(client, 22, "X-Name: user:1\r\n"), 20);
}

TEST(RatesOfAServer, a_token_is_not_looked_at_when_its_address_asks_too_often) {
    Door door;
    testing::TestServer server{door.options()};
    testing::Client client{server.port()};
    EXPECT_EQ(taken_of(client, 60, ""), 40);
    EXPECT_EQ(door.asked, 40);
}

// However requests are spread over time, no more than a bucket and what flows in are taken, and
// who asks less often than he may is never refused.
RC_GTEST_PROP(Rates, never_more_than_a_bucket_and_what_flows_in, ()) {
    const auto per_second = *rc::gen::inRange<std::int64_t>(1, 50);
    Rates rates{options(per_second)};
    const auto pauses =
        *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 2'000));
    Instant now = 1s;
    const auto begin = now;
    std::int64_t count = 0;
    for (const auto pause : pauses) {
        now += std::chrono::milliseconds{pause};
        for (int i = 0; i < 7; ++i)
            count += rates.take_of_caller(reads, customer("u"), now).admitted;
        const auto flown = (now - begin).count() * per_second / 1'000'000'000;
        RC_ASSERT(count <= 10 * per_second + flown + 1);
    }
    RC_ASSERT(rates.take_of_caller(reads, customer("u"), now + 1s).admitted);
}

}  // namespace
}  // namespace yeyak::http
