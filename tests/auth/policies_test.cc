// What is revoked, and when keys are asked for again.
#include <gtest/gtest.h>

#include "auth/refresh_policy.h"
#include "auth/revocations.h"

namespace yeyak::auth {
namespace {

constexpr Instant now{1'800'000'000'000};

Claims issued(Instant at, std::string subject = "user:1") {
    Claims claims;
    claims.subject = std::move(subject);
    claims.issued = at;
    return claims;
}

TEST(Revocations, meet_what_was_issued_until_then) {
    Revocations revocations;
    EXPECT_FALSE(revocations.revoked(issued(now)));
    revocations.revoke("user:1", now);
    EXPECT_TRUE(revocations.revoked(issued(now)));
    EXPECT_TRUE(revocations.revoked(issued(Instant{})));
    EXPECT_FALSE(revocations.revoked(issued(now + 1)));
    EXPECT_FALSE(revocations.revoked(issued(now, "user:11")));
    EXPECT_FALSE(revocations.revoked(issued(now, "User:1")));
}

TEST(Revocations, the_later_one_counts_in_whatever_order_they_come) {
    Revocations revocations;
    revocations.revoke("user:1", now + 10);
    revocations.revoke("user:1", now);
    EXPECT_TRUE(revocations.revoked(issued(now + 10)));
    EXPECT_EQ(revocations.subjects(), 1);
}

TEST(Revocations, meet_what_a_clock_that_is_ahead_issued_before_them) {
    Revocations revocations{30'000};
    revocations.revoke("user:1", now);
    EXPECT_TRUE(revocations.revoked(issued(now + 30'000)));
    EXPECT_FALSE(revocations.revoked(issued(now + 30'001)));
}

TEST(RefreshPolicy, lets_ask_once_in_ten_seconds) {
    RefreshPolicy policy;
    EXPECT_TRUE(policy.ask(now));
    EXPECT_FALSE(policy.ask(now));
    EXPECT_FALSE(policy.ask(now + 9'999));
    EXPECT_TRUE(policy.ask(now + 10'000));
    EXPECT_FALSE(policy.ask(now + 19'999));
}

TEST(RefreshPolicy, counts_what_was_fetched_for_another_reason) {
    RefreshPolicy policy;
    policy.fetched(now);
    EXPECT_FALSE(policy.ask(now + 9'999));
    EXPECT_TRUE(policy.ask(now + 10'000));
}

}  // namespace
}  // namespace yeyak::auth
