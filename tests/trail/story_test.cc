// How an event is told.
#include "audit/trail/story.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "audit/trail/telling.h"
#include "tests/trail/random_log.h"

namespace yeyak::trail {
namespace {

using testing::Log;

Log cancellation() {
    Log log;
    log.add({.stream = "shop.order-1",
             .type = "shop.order_cancelled.v1",
             .causation = "http/c1 from 192.0.2.0/24",
             .actor = "user:1",
             .payload = R"({"id":1,"reason":"user_request","gone":null})"});
    log.add({.stream = "shop.checkout-1",
             .type = "shop.checkout_stepped.v1",
             .causation = "shop.order-1@1",
             .payload = R"({"input":"shop.order_cancelled.v1","inputId":"shop.order-1@1",)"
                        R"("sent":["payment.cancel_payment -> payment.payment-1"],"timers":[],)"
                        R"("ended":false,"state":"compensating","data":{"id":1}})"});
    log.add({.stream = "payment.payment-1",
             .type = "payment.payment_cancelled.v1",
             .causation = "shop.checkout-1@1",
             .payload = "{}"});
    log.add({.stream = "notes-1", .type = "noted", .causation = "elsewhere", .payload = "{}"});
    return log;
}

TEST(TrailStory, says_what_why_and_from_where) {
    const auto log = cancellation();
    Teller teller{log.store(), {}};
    const auto events = log.events();
    const auto order = teller.tell(events[0]);
    EXPECT_EQ(order.what, "order cancelled");
    EXPECT_EQ(order.reason, "user_request");
    EXPECT_EQ(order.from, "192.0.2.0/24");
    ASSERT_EQ(order.details.size(), 1U);
    EXPECT_EQ(order.details[0].name, "id");
    const auto step = teller.tell(events[1]);
    EXPECT_EQ(step.what, "checkout: compensating, after order cancelled; asks to cancel payment");
    EXPECT_EQ(step.state, "compensating");
    const auto payment = teller.tell(events[2]);
    EXPECT_EQ(payment.because, (std::vector<std::string>{"checkout stepped (shop.checkout-1@1)",
                                                         "order cancelled (shop.order-1@1)",
                                                         "request c1 of user:1"}));
    EXPECT_EQ(payment.from, "192.0.2.0/24");
    EXPECT_EQ(teller.tell(events[3]).because, std::vector<std::string>{"elsewhere"});
}

// What was not told before is read from the log.
TEST(TrailStory, finds_causes_that_were_not_shown) {
    const auto log = cancellation();
    Teller teller{log.store(), {}};
    EXPECT_EQ(teller.tell(log.events()[2]).because.size(), 3U);
}

TEST(TrailStory, unseals_before_anything_else) {
    const auto log = cancellation();
    Teller teller{log.store(), [](const std::string&) { return R"({"name":"홍길동"})"; }};
    const auto told = teller.tell(log.events()[0]);
    ASSERT_EQ(told.details.size(), 1U);
    EXPECT_EQ(told.details[0].value, "홍길동");
    EXPECT_EQ(told.payload, R"({"name":"홍길동"})");
}

TEST(TrailStory, a_cause_that_is_itself_ends) {
    Log log;
    log.add({.stream = "a-1", .causation = "a-1@1", .payload = "{}"});
    Teller teller{log.store(), {}};
    EXPECT_LE(teller.tell(log.events()[0]).because.size(), 16U);
}

TEST(TrailTelling, counts_and_names_persons_before_it_shows_anything) {
    const auto log = cancellation();
    auto request = *parse_question({{"order", "shop.order-1"}, {"reason", "dispute"}}, Format::csv);
    request.reader = "auditor";
    auto telling = *Telling::open(log.store(), {}, request, {});
    const auto record = telling->record();
    EXPECT_EQ(record.filter, "order=shop.order-1");
    EXPECT_EQ(record.reason, "dispute");
    EXPECT_EQ(record.events, 4);
    EXPECT_EQ(record.position, 4);
    telling->recorded({}, 5, {});
    std::string text;
    while (true) {
        const auto piece = telling->next();
        ASSERT_TRUE(piece.has_value());
        if (!*piece) break;
        text += **piece;
    }
    EXPECT_EQ(std::ranges::count(text, '\n'), 5);
}

}  // namespace
}  // namespace yeyak::trail
