// What the demo counts, how it draws, and what it reads out of answers.
#include <gtest/gtest.h>

#include "demo/random.h"
#include "demo/tally.h"
#include "replay-tools/remote/client.h"

namespace yeyak::demo::testing {

using remote::parse_address;
namespace {

using std::chrono::microseconds;

Answer with(int status) {
    Answer answer;
    answer.status = status;
    return answer;
}

TEST(DemoTally, counts_as_siege_does) {
    Tally tally;
    for (const int status : {200, 201, 402, 409, 500, 503, 0, 0})
        tally.count("order", with(status), microseconds{1000});
    const auto all = tally.all();
    EXPECT_EQ(tally.requests, 8U);
    EXPECT_EQ(tally.unsuccessful, 6U);
    EXPECT_EQ(transactions(all), 4U) << "a refusal is a transaction, a failure is none";
    EXPECT_DOUBLE_EQ(availability(all), 50);
    EXPECT_DOUBLE_EQ(succeeded(all), 25);
    EXPECT_EQ(all.times_us.size(), 6U) << "what has no answer has no time";
    EXPECT_DOUBLE_EQ(availability(Kind{}), 100);
}

TEST(DemoTally, times_are_those_of_the_nearest_rank) {
    Tally tally;
    for (int ms = 100; ms >= 1; --ms) tally.count("a", with(200), microseconds{ms * 1000});
    const auto took = tally.all().latency();
    EXPECT_DOUBLE_EQ(took.p50_ms, 50);
    EXPECT_DOUBLE_EQ(took.p95_ms, 95);
    EXPECT_DOUBLE_EQ(took.p99_ms, 99);
    EXPECT_DOUBLE_EQ(took.max_ms, 100);
    tally.count("b", with(200), microseconds{500'000});
    EXPECT_DOUBLE_EQ(tally.kinds.at("b").latency().p50_ms, 500);
    EXPECT_DOUBLE_EQ(tally.all().latency().max_ms, 500);
    EXPECT_DOUBLE_EQ(Kind{}.latency().max_ms, 0);
}

// The published numbers of SplitMix64: a seed means the same on every machine, for ever.
TEST(DemoRandom, is_the_same_everywhere) {
    Random random{1234567};
    EXPECT_EQ(random.next(), 6457827717110365317U);
    EXPECT_EQ(random.next(), 3203168211198807973U);
    EXPECT_EQ(Random::for_visit(1, 2).next(), Random::for_visit(1, 2).next());
    EXPECT_NE(Random::for_visit(1, 2).next(), Random::for_visit(2, 1).next());
}

TEST(DemoClient, understands_addresses) {
    const auto address = parse_address("http://127.0.0.1:8080/");
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(address->url(), "http://127.0.0.1:8080");
    EXPECT_EQ(parse_address("http://yeyak")->port, "80");
    EXPECT_FALSE(parse_address("http://yeyak")->secure);
    const auto secure = parse_address("https://yeyak");
    ASSERT_TRUE(secure.has_value());
    EXPECT_TRUE(secure->secure);
    EXPECT_EQ(secure->url(), "https://yeyak:443");
    for (const auto* wrong : {"", "127.0.0.1:8080", "ftp://a", "http://", "https://", "http://:80",
                              "http://a:", "http://a:b", "http://a:80/market"})
        EXPECT_FALSE(parse_address(wrong).has_value()) << wrong;
}

TEST(DemoAnswer, is_read_by_pointer) {
    Answer answer;
    answer.body = R"([{"date":"2021-10-05","count":7}])";
    EXPECT_EQ(answer.text("/0/date"), "2021-10-05");
    EXPECT_EQ(answer.number("/0/count"), 7);
    EXPECT_EQ(answer.number("/0/date"), std::nullopt);
    EXPECT_EQ(answer.text("/1/date"), std::nullopt);
    answer.body = "no JSON";
    EXPECT_EQ(answer.number("/id"), std::nullopt);
}

}  // namespace
}  // namespace yeyak::demo::testing
