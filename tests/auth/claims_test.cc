// What a token says of its subject, and when it counts.
#include "tests/auth/verifier_fixture.h"

namespace yeyak::auth {
namespace {

using ClaimsTest = VerifierTest;

TEST_F(ClaimsTest, say_who_it_is_and_what_he_may) {
    const auto claims = taken(claiming({{"sub", R"("clerk:김민수")"},
                                        {"roles", R"(["clerk","auditor"])"},
                                        {"customer", "42"},
                                        {"streams_read", R"(["orders-","stock"])"},
                                        {"streams_write", R"(["orders-"])"},
                                        {"email", R"("not@read.example")"}}));
    EXPECT_EQ(*claims, (Claims{.subject = "clerk:김민수",
                               .roles = {"clerk", "auditor"},
                               .customer = 42,
                               .may_read = {"orders-", "stock"},
                               .may_write = {"orders-"},
                               .issued = now,
                               .expires = now + 3'600'000}));
}

TEST_F(ClaimsTest, a_user_is_the_customer_of_his_number) {
    const auto customer = [&](const std::string& subject) {
        return taken(claiming({{"sub", subject}}))->customer;
    };
    EXPECT_EQ(customer(R"("user:17")"), 17);
    EXPECT_EQ(customer(R"("user:9223372036854775807")"), INT64_MAX);
    for (const auto* subject : {R"("user:017")", R"("user:0")", R"("user:-1")", R"("user:+1")",
                                R"("user:17a")", R"("user:")", R"("User:17")", R"("clerk:17")",
                                R"("17")", R"("user:9223372036854775808")"})
        EXPECT_EQ(customer(subject), std::nullopt) << subject;
}

// The number is for names that hold none: who is called user:17 orders as 17 and as nobody else.
TEST_F(ClaimsTest, a_customer_is_not_another_than_his_name_says) {
    const auto claiming_both = [&](const std::string& subject, const std::string& number) {
        return claiming({{"sub", subject}, {"customer", number}});
    };
    EXPECT_EQ(taken(claiming_both(R"("kim")", "5"))->customer, 5);
    EXPECT_EQ(taken(claiming_both(R"("user:017")", "5"))->customer, 5);
    EXPECT_EQ(taken(claiming_both(R"("user:5")", "5"))->customer, 5);
    EXPECT_EQ(verdict(claiming_both(R"("user:5")", "7")), "bad_claims");
    EXPECT_EQ(verdict(claiming_both(R"("user:5")", "55")), "bad_claims");
}

TEST_F(ClaimsTest, count_until_they_expire_and_half_a_minute_longer) {
    const auto ends = [](std::int64_t s) { return claiming({{"exp", std::to_string(s)}}); };
    EXPECT_EQ(verdict(ends(now_s + 1)), "taken");
    EXPECT_EQ(verdict(ends(now_s - 29)), "taken");
    EXPECT_EQ(verdict(ends(now_s - 30)), "expired");
    EXPECT_EQ(verdict(ends(0)), "expired");
    EXPECT_EQ(verdict(claiming({{"exp", std::to_string(now_s - 30) + ".5"}})), "taken");
    EXPECT_EQ(verdict(claiming({{"exp", "1.8e9"}})), "taken");
    EXPECT_EQ(verdict(claiming({{"exp", "253402300799"}})), "taken");
}

TEST_F(ClaimsTest, must_say_when_they_end) {
    EXPECT_EQ(verdict(claiming({{"exp", ""}})), "no_expiry");
    for (const auto* end : {"-1", "253402300800", "1e300", "1e400", "18446744073709551615", "null",
                            R"("1800003600")", "true", "[1800003600]", "NaN"})
        EXPECT_EQ(verdict(claiming({{"exp", end}})), "bad_claims") << end;
}

TEST_F(ClaimsTest, do_not_count_before_their_time) {
    for (const auto* name : {"nbf", "iat"}) {
        EXPECT_EQ(verdict(claiming({{name, std::to_string(now_s + 30)}})), "taken");
        EXPECT_EQ(verdict(claiming({{name, std::to_string(now_s + 31)}})), "not_yet");
        EXPECT_EQ(verdict(claiming({{name, std::to_string(now_s + 30) + ".5"}})), "not_yet");
        EXPECT_EQ(verdict(claiming({{name, "253402300799"}})), "not_yet");
        EXPECT_EQ(verdict(claiming({{name, "-1"}})), "bad_claims");
        EXPECT_EQ(verdict(claiming({{name, R"("now")"}})), "bad_claims");
        EXPECT_EQ(verdict(claiming({{name, ""}})), "taken");
    }
}

TEST_F(ClaimsTest, are_of_the_issuer_byte_for_byte) {
    for (const auto* issuer : {"", R"("https://id.example/")", R"("https://ID.example")", R"("")",
                               R"("https://id.example\u0000")", R"("https://id.example.evil")"})
        EXPECT_EQ(verdict(claiming({{"iss", issuer}})), "wrong_issuer") << issuer;
    EXPECT_EQ(verdict(claiming({{"iss", R"(["https://id.example"])"}})), "bad_claims");
}

TEST_F(ClaimsTest, are_meant_for_this_server) {
    for (const auto* audience : {R"("shop")", R"(["shop"])", R"(["other","shop"])"})
        EXPECT_EQ(verdict(claiming({{"aud", audience}})), "taken") << audience;
    for (const auto* audience :
         {"", "[]", R"("other")", R"("Shop")", R"("shop ")", R"(["sho","p"])", R"("")"})
        EXPECT_NE(verdict(claiming({{"aud", audience}})), "taken") << audience;
    EXPECT_EQ(verdict(claiming({{"aud", R"("other")"}})), "wrong_audience");
    for (const auto* audience : {"7", "null", R"({"shop":1})", R"(["shop",7])"})
        EXPECT_EQ(verdict(claiming({{"aud", audience}})), "bad_claims") << audience;
}

TEST_F(ClaimsTest, are_of_somebody_who_can_act) {
    for (const auto* subject : {"", R"("")", R"("a b")", R"("a\nb")", R"("a\u0000")", R"("system")",
                                R"("SYSTEM")", R"("Operator")", R"("yeyak")", R"("anonymous")"})
        EXPECT_EQ(verdict(claiming({{"sub", subject}})), "bad_subject") << subject;
    EXPECT_EQ(verdict(claiming({{"sub", '"' + std::string(65, 'a') + '"'}})), "bad_subject");
    EXPECT_EQ(verdict(claiming({{"sub", '"' + std::string(64, 'a') + '"'}})), "taken");
    EXPECT_EQ(verdict(claiming({{"sub", "17"}})), "bad_claims");
    for (const auto* personal : {R"("890309-2766876")", R"("8903092766876")",
                                 R"("user:890309-2766876")", R"("user:8903092766876")"})
        EXPECT_EQ(verdict(claiming({{"sub", personal}})), "bad_subject") << personal;
}

TEST_F(ClaimsTest, of_another_type_are_refused_and_never_guessed) {
    for (const auto* name : {"roles", "streams_read", "streams_write"})
        for (const auto* value : {R"("operator")", "7", "null", R"({"0":"operator"})",
                                  R"(["operator",7])", R"([["operator"]])", R"([""])"})
            EXPECT_EQ(verdict(claiming({{name, value}})), "bad_claims") << name << value;
    for (const auto* value : {R"("5")", "0", "-1", "5.0", "null", "9223372036854775808"})
        EXPECT_EQ(verdict(claiming({{"customer", value}})), "bad_claims") << value;
}

TEST_F(ClaimsTest, a_member_twice_is_refused) {
    const auto json = object(claims());
    const auto twice = json.substr(0, json.size() - 1) + R"(,"sub":"user:1"})";
    EXPECT_EQ(verdict(ed().token(object(ed().head()), twice)), "repeated_member");
    EXPECT_EQ(verdict(claiming({{"address", R"({"a":1,"a":2})"}})), "repeated_member");
}

TEST_F(ClaimsTest, what_is_no_object_is_refused) {
    for (const auto* json : {"", "7", "[]", "{", "user:17"})
        EXPECT_EQ(verdict(ed().token(object(ed().head()), json)), "bad_claims") << json;
}

TEST_F(ClaimsTest, nothing_of_them_is_read_before_the_signature_holds) {
    const SecretKey stranger{Algorithm::eddsa, "ed"};
    for (const auto* json : {"", "{", R"({"exp":0})", R"({"iss":"other"})"})
        EXPECT_EQ(verdict(stranger.token(object(stranger.head()), json)), "bad_signature") << json;
}

}  // namespace
}  // namespace yeyak::auth
