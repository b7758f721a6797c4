// The form of a token, and what is remembered of those that were verified.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "auth/base64url.h"
#include "tests/auth/verifier_fixture.h"

namespace yeyak::auth {
namespace {

using VerifierForm = VerifierTest;
using VerifierMemory = VerifierTest;

TEST_F(VerifierForm, three_parts_and_nothing_around_them) {
    const auto token = good();
    EXPECT_EQ(verdict(token), "taken");
    const auto dot = token.find('.');
    for (const auto& other :
         {std::string{}, std::string{"."}, std::string{".."}, std::string{"a.b.c"}, token + ".",
          "." + token, token + ".AAAA", token.substr(0, token.rfind('.')), token.substr(dot + 1),
          token + "=", " " + token, token + "\n", token + std::string(1, '\0'), "Bearer " + token,
          token.substr(0, token.rfind('.')) + ".AAAA.AAAA." + token.substr(token.rfind('.') + 1)})
        EXPECT_EQ(verdict(other), "not_a_token") << other;
}

TEST_F(VerifierForm, without_its_signature_it_is_nothing) {
    const auto token = good();
    EXPECT_EQ(verdict(token.substr(0, token.rfind('.') + 1)), "bad_signature");
    const auto unsigned_token = base64url(R"({"alg":"none"})") + "." + base64url(object(claims()));
    EXPECT_EQ(verdict(unsigned_token + "."), "no_key_named");
    EXPECT_EQ(verdict(unsigned_token), "not_a_token");
}

// As of an algorithm whose key is a secret: the published key would be the secret.
TEST_F(VerifierForm, a_public_key_is_no_secret_to_sign_with) {
    EXPECT_EQ(verdict(headed({{"alg", R"("HS256")"}}, rsa())), "wrong_algorithm");
}

TEST_F(VerifierForm, a_signature_of_ec_is_two_numbers_of_32_bytes) {
    const auto text = base64url(object(ec().head())) + "." + base64url(object(claims()));
    const auto signature = ec().sign(text);
    EXPECT_EQ(verdict(text + "." + base64url(signature)), "taken");
    const auto half = std::string(32, '\0');
    for (const auto& other : {half + signature.substr(32), signature.substr(0, 32) + half,
                              half + half, signature.substr(1), signature + signature,
                              signature.substr(32) + signature.substr(0, 32)})
        EXPECT_EQ(verdict(text + "." + base64url(other)), "bad_signature");
}

TEST_F(VerifierForm, at_most_eight_kib_are_looked_at) {
    const auto padded = [&](std::size_t bytes) {
        return claiming({{"padding", '"' + std::string(bytes, 'x') + '"'}});
    };
    const auto bare = padded(0).size();
    const auto room = (max_token_bytes - bare) * 3 / 4;
    auto fits = room + 4;
    while (padded(fits).size() > max_token_bytes) --fits;
    EXPECT_EQ(verdict(padded(fits)), "taken");
    EXPECT_EQ(verdict(padded(fits + 2)), "too_long");
}

RC_GTEST_FIXTURE_PROP(VerifierForm, any_other_letter_in_its_place_is_refused, ()) {
    static const std::string token = good(**rc::gen::element(&rsa(), &ec(), &ed()));
    auto changed = token;
    const auto place = *rc::gen::inRange<std::size_t>(0, token.size());
    changed[place] =
        *rc::gen::distinctFrom(rc::gen::oneOf(rc::gen::elementOf(std::string{"ABCYZabcyz0189-_.="}),
                                              rc::gen::arbitrary<char>()),
                               token[place]);
    RC_ASSERT(!verifier_.verify(changed, now));
}

RC_GTEST_FIXTURE_PROP(VerifierForm, a_flipped_bit_of_what_is_signed_or_signs_is_refused, ()) {
    const auto* key = *rc::gen::element(&rsa(), &ec(), &ed());
    const auto text = base64url(object(key->head())) + "." + base64url(object(claims()));
    auto signature = key->sign(text);
    const auto bit = *rc::gen::inRange<std::size_t>(0, signature.size() * 8);
    signature[bit / 8] = static_cast<char>(signature[bit / 8] ^ 1 << bit % 8);
    RC_ASSERT(!verifier_.verify(text + "." + base64url(signature), now));
}

TEST_F(VerifierTest, says_whether_newer_keys_may_help) {
    const auto named = good();
    const auto nameless = headed({{"kid", ""}});
    const auto may = Verifier::may_be_of_a_newer_key;
    EXPECT_TRUE(may(named, Fault::unknown_key));
    EXPECT_TRUE(may(nameless, Fault::no_key_named));
    for (const auto fault : {Fault::wrong_algorithm, Fault::bad_signature}) {
        EXPECT_TRUE(may(nameless, fault));
        EXPECT_FALSE(may(named, fault));
    }
    for (const auto fault : {Fault::not_a_token, Fault::expired, Fault::revoked})
        EXPECT_FALSE(may(nameless, fault));
}

TEST_F(VerifierMemory, gives_a_token_the_same_claims_until_it_expires) {
    const auto token = good();
    const auto first = verifier_.verify(token, now);
    ASSERT_TRUE(first);
    EXPECT_EQ(verifier_.remembered(), 1);
    EXPECT_EQ(verifier_.verify(token, now + 1), first);
    EXPECT_EQ(verdict(token, now + (3'600'000 + leeway_ms - 1)), "taken");
    EXPECT_EQ(verifier_.remembered(), 1);
    EXPECT_EQ(verdict(token, now + (3'600'000 + leeway_ms)), "expired");
    EXPECT_EQ(verifier_.remembered(), 0);
}

TEST_F(VerifierMemory, keeps_nothing_of_what_was_refused) {
    EXPECT_EQ(verdict(claiming({{"aud", R"("other")"}})), "wrong_audience");
    EXPECT_EQ(verdict(headed({{"kid", R"("other")"}})), "unknown_key");
    EXPECT_EQ(verifier_.remembered(), 0);
}

TEST_F(VerifierMemory, forgets_the_tokens_of_keys_that_are_gone) {
    const auto of_ec = verifier_.verify(good(ec()), now);
    const auto kept = good(ec());
    const auto gone = good(ed());
    EXPECT_EQ(verdict(kept), "taken");
    EXPECT_EQ(verdict(gone), "taken");
    const auto before = verifier_.remembered();
    verifier_.set_keys(KeySet::parse(key_set({ec().jwk()})).value());
    EXPECT_EQ(verifier_.remembered(), before - 1);
    EXPECT_EQ(verdict(gone), "unknown_key");
    EXPECT_EQ(verdict(kept), "taken");
}

TEST_F(VerifierMemory, another_key_of_the_same_id_is_another_key) {
    const auto token = good();
    EXPECT_EQ(verdict(token), "taken");
    const SecretKey next{Algorithm::eddsa, "ed"};
    verifier_.set_keys(KeySet::parse(key_set({next.jwk()})).value());
    EXPECT_EQ(verdict(token), "bad_signature");
    EXPECT_EQ(verdict(good(next)), "taken");
}

TEST_F(VerifierMemory, asks_about_revocations_every_time) {
    const auto token = good();
    EXPECT_EQ(verdict(token), "taken");
    revocations_.revoke("user:18", now);
    revocations_.revoke("user:17", now + -1);
    EXPECT_EQ(verdict(token), "taken");
    revocations_.revoke("user:17", now);
    EXPECT_EQ(verdict(token), "revoked");
    EXPECT_EQ(verdict(claiming({{"iat", std::to_string(now_s + 1)}})), "taken");
    EXPECT_EQ(verdict(claiming({{"iat", ""}})), "revoked");
}

TEST_F(VerifierMemory, holds_no_more_than_its_bound) {
    const auto head = object(ed().head());
    const auto numbered = [&](std::size_t number) {
        return ed().token(head, object(with(claims(), {{"jti", std::to_string(number)}})));
    };
    for (std::size_t i = 0; i < Verifier::max_remembered; ++i)
        ASSERT_TRUE(verifier_.verify(numbered(i), now));
    EXPECT_EQ(verifier_.remembered(), Verifier::max_remembered);
    ASSERT_TRUE(verifier_.verify(numbered(Verifier::max_remembered), now));
    EXPECT_EQ(verifier_.remembered(), Verifier::max_remembered);
}

TEST_F(VerifierMemory, without_a_key_takes_nothing) {
    Verifier empty{{"https://id.example", "shop"}, {}, revocations_};
    EXPECT_EQ(empty.verify(good(), now).error(), Fault::unknown_key);
    EXPECT_EQ(empty.verify(headed({{"kid", ""}}), now).error(), Fault::no_key_named);
}

TEST(Faults, have_a_word_and_a_sentence_each) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < fault_count; ++i) {
        names.push_back(name_of(static_cast<Fault>(i)));
        EXPECT_FALSE(to_text(static_cast<Fault>(i)).empty());
    }
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

}  // namespace
}  // namespace yeyak::auth
