// What the head of a token may say, and what it is never asked.
#include "tests/auth/verifier_fixture.h"

namespace yeyak::auth {
namespace {

using Head = VerifierTest;

TEST_F(Head, honest_tokens_of_every_algorithm_are_taken) {
    for (const auto* key : {&rsa(), &ec(), &ed()}) EXPECT_EQ(verdict(good(*key)), "taken");
}

TEST_F(Head, a_key_has_one_algorithm) {
    for (const auto* algorithm :
         {R"("none")", R"("None")", R"("nOnE")", R"("NONE")", R"("")", R"("HS256")", R"("RS256")",
          R"("ES256")", R"("ES384")", R"("eddsa")", R"("EDDSA")", R"("Ed25519")", R"(" EdDSA")"})
        EXPECT_EQ(verdict(headed({{"alg", algorithm}})), "wrong_algorithm") << algorithm;
    for (const auto* algorithm : {R"("none")", R"("PS256")", R"("RS384")", R"("HS256")"})
        EXPECT_EQ(verdict(headed({{"alg", algorithm}}, rsa())), "wrong_algorithm") << algorithm;
    for (const auto* algorithm : {"", "7", "null", "[]", R"(["EdDSA"])"})
        EXPECT_EQ(verdict(headed({{"alg", algorithm}})), "not_a_token") << algorithm;
}

TEST_F(Head, a_token_of_one_key_does_not_pass_for_that_of_another) {
    EXPECT_EQ(verdict(headed({{"kid", R"("rsa")"}})), "wrong_algorithm");
    EXPECT_EQ(verdict(headed({{"kid", R"("rsa")"}, {"alg", R"("RS256")"}})), "bad_signature");
    EXPECT_EQ(verdict(headed({{"kid", R"("ec")"}, {"alg", R"("ES256")"}})), "bad_signature");
    const SecretKey stranger{Algorithm::eddsa, "ed"};
    EXPECT_EQ(verdict(good(stranger)), "bad_signature");
}

TEST_F(Head, the_key_picks_one_of_the_set_and_is_nothing_else) {
    for (const auto* key : {R"("../ed")", R"("ed\u0000")", R"("' OR '1'='1")", R"("/etc/hostname")",
                            R"("ED")", R"("")", R"("ed ")"})
        EXPECT_EQ(verdict(headed({{"kid", key}})), "unknown_key") << key;
    for (const auto* key : {"7", "null", R"(["ed"])"})
        EXPECT_EQ(verdict(headed({{"kid", key}})), "not_a_token") << key;
    EXPECT_EQ(verdict(headed({{"kid", ""}})), "no_key_named");
}

TEST_F(Head, a_token_that_names_no_key_means_the_only_one) {
    verifier_.set_keys(KeySet::parse(key_set({ed().jwk()})).value());
    EXPECT_EQ(verdict(headed({{"kid", ""}})), "taken");
}

TEST_F(Head, where_it_says_that_a_key_is_nobody_looks) {
    const SecretKey stranger{Algorithm::eddsa, "ed"};
    const Members hints{{"jwk", object(stranger.jwk())},
                        {"jku", R"("https://stranger.example/keys")"},
                        {"x5u", R"("https://stranger.example/chain")"},
                        {"x5c", R"(["AQAB"])"}};
    EXPECT_EQ(verdict(headed(hints)), "taken");
    EXPECT_EQ(verdict(headed(hints, stranger)), "bad_signature");
    EXPECT_EQ(verdict(headed(with(hints, {{"kid", R"("stranger")"}}), stranger)), "unknown_key");
}

TEST_F(Head, what_would_change_its_meaning_is_refused) {
    EXPECT_EQ(verdict(headed({{"crit", R"(["exp"])"}})), "critical");
    EXPECT_EQ(verdict(headed({{"crit", "[]"}})), "critical");
    EXPECT_EQ(verdict(headed({{"crit", R"(["b64"])"}, {"b64", "false"}})), "critical");
    EXPECT_EQ(verdict(headed({{"b64", "true"}})), "critical");
    EXPECT_EQ(verdict(headed({{"zip", R"("DEF")"}})), "critical");
}

TEST_F(Head, tokens_for_something_else_are_refused) {
    for (const auto* type : {"", R"("JWT")", R"("jwt")", R"("at+jwt")", R"("AT+JWT")",
                             R"("application/at+jwt")", R"("Application/JWT")"})
        EXPECT_EQ(verdict(headed({{"typ", type}})), "taken") << type;
    for (const auto* type : {R"("logout+jwt")", R"("dpop+jwt")", R"("secevent+jwt")", R"("")",
                             R"("at+jwt ")", R"("application/application/jwt")", "7", "null"})
        EXPECT_EQ(verdict(headed({{"typ", type}})), "wrong_type") << type;
}

TEST_F(Head, a_member_twice_is_refused) {
    EXPECT_EQ(verdict(ed().token(R"({"alg":"none","alg":"EdDSA","kid":"ed"})", object(claims()))),
              "repeated_member");
    EXPECT_EQ(
        verdict(ed().token(R"({"alg":"EdDSA","kid":"ed","\u006bid":"ed"})", object(claims()))),
        "repeated_member");
}

TEST_F(Head, what_is_no_object_is_refused) {
    for (const auto* head : {"", "7", "[]", "null", R"("EdDSA")", R"({"alg":"EdDSA")",
                             "{\"alg\":\"EdDSA\xff\"}", R"({"alg":"EdDSA"}})"})
        EXPECT_EQ(verdict(ed().token(head, object(claims()))), "not_a_token") << head;
}

}  // namespace
}  // namespace yeyak::auth
