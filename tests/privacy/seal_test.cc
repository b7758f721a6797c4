// Sealed texts: known answers of AES-256-GCM, what is opened and what never is, and what is found
// in other text.
#include "privacy/seal.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace yeyak::api {
namespace {

privacy::KeyBytes key_bytes(std::string_view hex) {
    privacy::KeyBytes key;
    std::ranges::copy(*privacy::from_hex(hex), key.begin());
    return key;
}

privacy::KeyBytes repeated(std::uint8_t byte) {
    privacy::KeyBytes key;
    key.fill(byte);
    return key;
}

const std::string ann(32, 'a');
const std::string bob(32, 'b');
constexpr privacy::Purpose purposes[] = {privacy::Purpose::address, privacy::Purpose::card,
                                         privacy::Purpose::name, privacy::Purpose::registration,
                                         privacy::Purpose::vehicle};

// The test cases 13, 14 and 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega).
TEST(AesGcm, known_answers) {
    const std::string zeros(12, '\0');
    EXPECT_EQ(privacy::to_hex(privacy::encrypt(repeated(0), zeros, "", "")),
              "530f8afbc74536b9a963b4f1c4cb738b");
    EXPECT_EQ(privacy::to_hex(privacy::encrypt(repeated(0), zeros, "", std::string(16, '\0'))),
              "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    const auto key = key_bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    const auto nonce = *privacy::from_hex("cafebabefacedbaddecaf888");
    const auto associated = *privacy::from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const auto plaintext = *privacy::from_hex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e24"
        "49a6b525b16aedf5aa0de657ba637b39");
    const auto sealed = privacy::encrypt(key, nonce, associated, plaintext);
    EXPECT_EQ(privacy::to_hex(sealed),
              "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7"
              "b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
    EXPECT_EQ(privacy::decrypt(key, nonce, associated, sealed), plaintext);
    EXPECT_EQ(privacy::decrypt(key, nonce, "", sealed), std::nullopt);
    EXPECT_EQ(privacy::decrypt(key, zeros, associated, sealed), std::nullopt);
    EXPECT_EQ(privacy::decrypt(repeated(1), nonce, associated, sealed), std::nullopt);
}

// RFC 4231, test case 2, with its key filled up to 32 bytes, which HMAC does itself.
TEST(KeyedHash, known_answer) {
    privacy::KeyBytes key{};
    std::ranges::copy(std::string_view{"Jefe"}, key.begin());
    EXPECT_EQ(privacy::to_hex(
                  privacy::text_of(privacy::keyed_hash(key, {"what do ya want ", "for nothing?"}))),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

// Texts of this form are in logs: this one must be opened for ever.
TEST(SealedText, stays_what_it_is) {
    const privacy::PersonKey key{repeated(7)};
    const auto sealed = key.seal(ann, privacy::Purpose::address, "seoul");
    EXPECT_EQ(sealed,
              "sealed:v1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:"
              "ASv07KMBbKfL-WDKihSsZmm0FdFxuzgxXqiVPZ-kxAVVZQ;");
    EXPECT_EQ(key.open(ann, sealed), "seoul");
}

RC_GTEST_PROP(SealedText, opens_to_what_was_sealed, ()) {
    const auto text = *rc::gen::nonEmpty(rc::gen::arbitrary<std::string>());
    const auto purpose = *rc::gen::elementOf(
        std::vector<privacy::Purpose>(std::begin(purposes), std::end(purposes)));
    const privacy::PersonKey key{repeated(*rc::gen::arbitrary<std::uint8_t>())};
    const auto sealed = key.seal(ann, purpose, text);
    RC_ASSERT(key.open(ann, sealed) == text);
    RC_ASSERT(key.seal(ann, purpose, text) == sealed);
    RC_ASSERT(sealed.find(text) == std::string::npos || text.size() < 3);
    const auto among = "before " + sealed + " after";
    const auto found = privacy::find_sealed(among);
    RC_ASSERT(found.has_value());
    RC_ASSERT(found->whole == sealed);
    RC_ASSERT(found->key_name == ann);
}

RC_GTEST_PROP(SealedText, any_other_key_name_or_purpose_opens_nothing, ()) {
    const auto text = *rc::gen::nonEmpty(rc::gen::arbitrary<std::string>());
    const privacy::PersonKey key{repeated(1)};
    const privacy::PersonKey other{repeated(2)};
    const auto sealed = key.seal(ann, privacy::Purpose::name, text);
    RC_ASSERT(!other.open(ann, sealed));
    RC_ASSERT(!key.open(bob, sealed));
    auto renamed = sealed;
    renamed.replace(privacy::seal_mark.size(), ann.size(), bob);
    RC_ASSERT(!key.open(bob, renamed));
}

TEST(SealedText, differs_by_value_purpose_and_person) {
    const privacy::PersonKey key{repeated(1)};
    const privacy::PersonKey other{repeated(2)};
    std::vector<std::string> nonces;
    for (const auto* text : {"seoul", "busan", "Seoul"})
        for (const auto purpose : purposes) {
            nonces.push_back(key.seal(ann, purpose, text).substr(44, 16));
            nonces.push_back(other.seal(bob, purpose, text).substr(44, 16));
        }
    std::ranges::sort(nonces);
    EXPECT_EQ(std::ranges::adjacent_find(nonces), nonces.end()) << "a nonce is used twice";
}

TEST(SealedText, damaged_anywhere_opens_nothing) {
    const privacy::PersonKey key{repeated(1)};
    const auto sealed = key.seal(ann, privacy::Purpose::address, "12 Jong-ro, Seoul");
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        EXPECT_EQ(key.open(ann, std::string_view{sealed}.substr(0, at)), std::nullopt);
        EXPECT_EQ(key.open(ann, std::string_view{sealed}.substr(at + 1)), std::nullopt);
        for (int bit = 0; bit < 8; ++bit) {
            auto damaged = sealed;
            damaged[at] = static_cast<char>(damaged[at] ^ 1 << bit);
            EXPECT_EQ(key.open(ann, damaged), std::nullopt) << at << " " << bit;
        }
    }
    EXPECT_EQ(key.open(ann, sealed + ";"), std::nullopt);
    EXPECT_EQ(key.open(ann, ""), std::nullopt);
    EXPECT_EQ(key.open(ann, "sealed:v1:" + ann + ":AA;"), std::nullopt);
}

TEST(SealedText, an_empty_field_stays_empty) {
    EXPECT_EQ(privacy::PersonKey{repeated(1)}.seal(ann, privacy::Purpose::address, ""), "");
}

TEST(SealedText, is_found_only_whole) {
    EXPECT_FALSE(privacy::find_sealed(""));
    EXPECT_FALSE(privacy::find_sealed("sealed:v1:"));
    EXPECT_FALSE(privacy::find_sealed("sealed:v1:" + ann));
    EXPECT_FALSE(privacy::find_sealed("sealed:v1:" + ann + ":"));
    EXPECT_FALSE(privacy::find_sealed("sealed:v1:" + ann + ":;"));
    EXPECT_FALSE(privacy::find_sealed("sealed:v1:" + ann + ":abc"));
    EXPECT_FALSE(privacy::find_sealed("sealed:v1:" + ann + ":a+c;"));
    EXPECT_FALSE(privacy::find_sealed("sealed:v1:" + std::string(32, 'A') + ":abc;"));
    EXPECT_FALSE(privacy::find_sealed("sealed:v2:" + ann + ":abc;"));
    EXPECT_TRUE(privacy::find_sealed("sealed:v1:sealed:v1:" + ann + ":abc;"));
    const auto two = "x sealed:v1:" + ann + ":abc; sealed:v1:" + bob + ":de-_;";
    const auto second = privacy::find_sealed(two, 10);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->key_name, bob);
    EXPECT_EQ(second->content, "de-_");
}

TEST(SealedText, what_could_pass_for_one_is_seen_behind_escapes) {
    EXPECT_TRUE(privacy::mentions_seal("a sealed:v1: b"));
    EXPECT_TRUE(privacy::mentions_seal(R"({"a":"sealed\u003av1:"})"));
    EXPECT_TRUE(privacy::mentions_seal(
        R"({"a":"\u0073\u0065\u0061\u006C\u0065\u0064\u003A\u0076\u0031:"})"));
    EXPECT_TRUE(privacy::mentions_seal(R"(\u0073ealed:v1:)"));
    EXPECT_FALSE(privacy::mentions_seal(R"({"a":"sealed\\u003av1:"})"));
    EXPECT_FALSE(privacy::mentions_seal("sealed: v1:"));
    EXPECT_FALSE(privacy::mentions_seal(R"(\u)"));
    EXPECT_FALSE(privacy::mentions_seal(R"(\u00)"));
    EXPECT_FALSE(privacy::mentions_seal("\\"));
    EXPECT_FALSE(privacy::mentions_seal(R"(\uzzzz sealed\u00e9:v1:)"));
}

}  // namespace
}  // namespace yeyak::api
