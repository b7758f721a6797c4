// Which keys of a published set are taken, which are left to others, and which sets are refused.
#include "auth/key_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/base64url.h"
#include "tests/auth/secret_key.h"

namespace yeyak::auth {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view json) {
    const auto set = KeySet::parse(json);
    return set ? "taken" : set.error();
}

std::size_t taken(const Members& key) {
    const auto set = KeySet::parse(key_set({ed().jwk(), with(key, {{"kid", R"("other")"}})}));
    EXPECT_TRUE(set) << set.error();
    return set ? set->keys().size() - 1 : 0;
}

TEST(KeySet, takes_three_kinds_each_with_its_algorithm) {
    const auto set = KeySet::parse(key_set({rsa().jwk(), ec().jwk(), ed().jwk()}));
    ASSERT_TRUE(set) << set.error();
    ASSERT_EQ(set->keys().size(), 3);
    EXPECT_EQ(set->find("rsa")->algorithm(), Algorithm::rs256);
    EXPECT_EQ(set->find("ec")->algorithm(), Algorithm::es256);
    EXPECT_EQ(set->find("ed")->algorithm(), Algorithm::eddsa);
    EXPECT_EQ(set->find("none"), nullptr);
}

TEST(KeySet, a_key_verifies_what_its_secret_half_signed_and_nothing_else) {
    for (const auto* key : {&rsa(), &ec(), &ed()}) {
        const auto set = KeySet::parse(key_set({key->jwk()})).value();
        const auto signature = key->sign("text");
        EXPECT_TRUE(set.keys().front().verifies("text", signature)) << key->id();
        EXPECT_FALSE(set.keys().front().verifies("texts", signature)) << key->id();
        EXPECT_FALSE(set.keys().front().verifies("text", "")) << key->id();
        EXPECT_FALSE(set.keys().front().verifies("text", signature + '\0')) << key->id();
        EXPECT_FALSE(set.keys().front().verifies("text", '\0' + signature)) << key->id();
        const std::string zeros(signature.size(), '\0');
        EXPECT_FALSE(set.keys().front().verifies("text", zeros)) << key->id();
    }
}

// Computed with another program; the first is the example of RFC 8037, appendix A.3.
TEST(KeySet, a_key_without_an_id_is_called_by_its_thumbprint) {
    const auto set = KeySet::parse(
        R"({"keys":[{"kty":"OKP","crv":"Ed25519",)"
        R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},)"
        R"({"crv":"P-256","y":"c-sdveAzGDZtBp-DpvWQAFPHNjPLBBshxV4ahsH0ALQ","kty":"EC",)"
        R"("x":"jlM7b6C_e0YluzBmfAH7YH75-LioD-9bMAYocDGHsqM"}]})");
    ASSERT_TRUE(set) << set.error();
    EXPECT_NE(set->find("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"), nullptr);
    EXPECT_NE(set->find("ccgscWSOWNe7zfELCIRHTdb7JkVy_Eo2vg371C5rplY"), nullptr);
}

TEST(KeySet, leaves_to_others_what_is_not_for_verifying_such_tokens) {
    EXPECT_EQ(taken(ec().jwk()), 1);
    EXPECT_EQ(taken(with(ec().jwk(), {{"use", R"("sig")"}})), 1);
    EXPECT_EQ(taken(with(ec().jwk(), {{"use", R"("enc")"}})), 0);
    EXPECT_EQ(taken(with(ec().jwk(), {{"use", "7"}})), 0);
    EXPECT_EQ(taken(with(ec().jwk(), {{"key_ops", R"(["verify"])"}})), 1);
    EXPECT_EQ(taken(with(ec().jwk(), {{"key_ops", R"(["sign","encrypt"])"}})), 0);
    EXPECT_EQ(taken(with(ec().jwk(), {{"key_ops", R"("verify")"}})), 0);
    EXPECT_EQ(taken(with(ec().jwk(), {{"alg", R"("ES256")"}})), 1);
    EXPECT_EQ(taken(with(ec().jwk(), {{"alg", R"("ES384")"}})), 0);
    EXPECT_EQ(taken(with(rsa().jwk(), {{"alg", R"("PS256")"}})), 0);
    EXPECT_EQ(taken(with(rsa().jwk(), {{"alg", R"("HS256")"}})), 0);
    EXPECT_EQ(taken(with(ec().jwk(), {{"crv", R"("P-384")"}})), 0);
    EXPECT_EQ(taken(with(ed().jwk(), {{"crv", R"("X25519")"}})), 0);
    EXPECT_EQ(taken({{"kty", R"("oct")"}, {"k", R"("c2VjcmV0")"}}), 0);
    EXPECT_EQ(taken({{"kty", R"("AKP")"}}), 0);
    EXPECT_EQ(taken({{"k", "1"}}), 0);
}

TEST(KeySet, refuses_a_set_that_gives_a_secret_away) {
    for (const auto* key : {&rsa(), &ec(), &ed()})
        EXPECT_THAT(refusal(key_set({rsa().jwk(), with(key->jwk(), {{"d", R"("AQAB")"}})})),
                    HasSubstr("is a private key"));
    EXPECT_THAT(refusal(key_set(
                    {ed().jwk(), with(ec().jwk(), {{"crv", R"("P-384")"}, {"d", R"("AQAB")"}})})),
                HasSubstr("key 2 (\"ec\") is a private key"));
}

TEST(KeySet, refuses_weak_and_broken_keys) {
    const SecretKey short_key{Algorithm::rs256, "short", 1024};
    EXPECT_EQ(refusal(key_set({short_key.jwk()})),
              "key 1 (\"short\") has 1024 bits, which must be 2048 to 8192");
    EXPECT_THAT(refusal(key_set({with(rsa().jwk(), {{"e", R"("AQ")"}})})),
                HasSubstr("e from 3 to 64 bits"));
    EXPECT_THAT(refusal(key_set({with(rsa().jwk(), {{"e", R"("AQAA")"}})})),
                HasSubstr("must be odd"));
    EXPECT_THAT(refusal(key_set({with(rsa().jwk(), {{"e", R"("AAEAAQ")"}})})),
                HasSubstr("no n and e"));
    EXPECT_THAT(refusal(key_set({with(rsa().jwk(), {{"n", ""}})})), HasSubstr("no n and e"));
    EXPECT_THAT(refusal(key_set({with(ec().jwk(), {{"y", ed().jwk()["x"]}})})),
                HasSubstr("not on the curve"));
    EXPECT_THAT(refusal(key_set({with(ec().jwk(), {{"x", R"("AQAB")"}})})), HasSubstr("32 bytes"));
    EXPECT_THAT(refusal(key_set({with(ed().jwk(), {{"x", R"("AQAB")"}})})), HasSubstr("32 bytes"));
    const auto zero = "\"" + base64url(std::string(32, '\0')) + "\"";
    EXPECT_THAT(refusal(key_set({with(ed().jwk(), {{"x", zero}})})), HasSubstr("small order"));
}

TEST(KeySet, refuses_two_keys_of_one_id_and_two_members_of_one_name) {
    EXPECT_EQ(refusal(key_set({ed().jwk(), with(ec().jwk(), {{"kid", R"("ed")"}})})),
              "key 2 (\"ed\") has the id of another");
    EXPECT_THAT(refusal(R"({"keys":[],"keys":[]})"), HasSubstr("more than once"));
    EXPECT_THAT(refusal(R"({"keys":[{"kty":"oct","kty":"EC"}]})"), HasSubstr("more than once"));
}

TEST(KeySet, refuses_what_is_no_set_or_too_large) {
    for (const auto* json : {"", "7", "[]", "{}", R"({"keys":{}})", R"({"keys":[7]})",
                             R"({"keys":[]})", R"({"keys":[{"kty":"oct"}]})", "{\"keys\":[]"})
        EXPECT_NE(refusal(json), "taken") << json;
    EXPECT_THAT(refusal(key_set(std::vector<Members>(101, Members{{"kty", R"("oct")"}}))),
                HasSubstr("more than 100 keys"));
    EXPECT_THAT(refusal(std::string(300 * 1024, ' ')), HasSubstr("larger than 256 KiB"));
}

}  // namespace
}  // namespace yeyak::auth
