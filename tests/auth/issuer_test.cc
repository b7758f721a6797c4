// Tokens of the own key: they are taken by a verifier that knows the published half.
#include "auth/issuer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <limits>

#include "auth/verifier.h"

namespace yeyak::auth {
namespace {

using testing::HasSubstr;

constexpr Instant now{1'800'000'000'000};

class IssuerTest : public testing::Test {
  protected:
    IssuerTest() {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    ~IssuerTest() override { std::filesystem::remove_all(folder_); }

    void write(std::string_view text) { std::ofstream{file_} << text; }

    const std::filesystem::path folder_ = std::filesystem::path{testing::TempDir()} /
                                          ("yeyak_issuer_test_" + std::to_string(::getpid()));
    const std::filesystem::path file_ = own_key_file_in(folder_);
};

Verifier::Verified verified(const Issuer& issuer, const std::string& token, Instant at = now) {
    const Revocations none;
    return Verifier{
        {std::string{own_issuer}, "yeyak"}, KeySet::parse(issuer.key_set()).value(), none}
        .verify(token, at);
}

Grant grant(std::string subject = "user:17") {
    return {.subject = std::move(subject), .audience = "yeyak"};
}

TEST_F(IssuerTest, makes_a_key_of_its_owner_alone_and_only_once) {
    const auto made = Issuer::make(file_);
    ASSERT_TRUE(made) << made.error();
    struct stat status{};
    ASSERT_EQ(::stat(file_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600);
    EXPECT_FALSE(std::filesystem::exists(file_.string() + ".new"));
    EXPECT_THAT(Issuer::make(file_).error(), HasSubstr("auth.key: File exists"));
    EXPECT_EQ(Issuer::open(file_).value()->key_set(), made->key_set());
}

TEST_F(IssuerTest, publishes_the_public_half_alone) {
    const auto issuer = Issuer::make(file_).value();
    const auto set = KeySet::parse(issuer.key_set());
    ASSERT_TRUE(set) << set.error();
    EXPECT_EQ(set->keys().front().id(), issuer.key_id());
    EXPECT_EQ(set->keys().front().thumbprint(), issuer.key_id());
    EXPECT_EQ(issuer.key_set().find("\"d\""), std::string::npos);
}

TEST_F(IssuerTest, says_what_is_wrong_with_the_file) {
    EXPECT_EQ(Issuer::open(file_).value().has_value(), false);
    write("nothing");
    EXPECT_THAT(Issuer::open(file_).error(), HasSubstr("holds no Ed25519 private key"));
    write(std::string(20'000, 'x'));
    EXPECT_THAT(Issuer::open(file_).error(), HasSubstr("too large"));
    EXPECT_THAT(Issuer::open(folder_).error(), HasSubstr("cannot read"));
    EXPECT_THAT(Issuer::make(folder_ / "none" / "auth.key").error(), HasSubstr("cannot create"));
}

TEST_F(IssuerTest, another_key_does_not_take_its_tokens) {
    const auto issuer = Issuer::make(file_).value();
    const auto token = issuer.mint(grant(), 60'000, now).value();
    std::filesystem::remove(file_);
    const auto next = Issuer::make(file_).value();
    EXPECT_TRUE(verified(issuer, token));
    EXPECT_EQ(verified(next, token).error(), Fault::unknown_key);
}

TEST_F(IssuerTest, a_token_is_good_for_its_time) {
    const auto issuer = Issuer::make(file_).value();
    const auto token = issuer.mint(grant(), 60'999, now + 999).value();
    EXPECT_EQ(verified(issuer, token).value()->issued, now);
    EXPECT_EQ(verified(issuer, token).value()->expires, now + 60'000);
    EXPECT_EQ(verified(issuer, token, now + 90'000).error(), Fault::expired);
    EXPECT_FALSE(issuer.mint(grant(), 999, now));
    EXPECT_FALSE(issuer.mint(grant(), Issuer::max_ttl_ms + 1, now));
}

TEST_F(IssuerTest, nothing_is_made_that_would_not_be_taken) {
    const auto issuer = Issuer::make(file_).value();
    for (const auto* subject : {"", "a b", "a\n", "system", "Yeyak", "anonymous", "\xff",
                                "user:890309-2766876", "8903092766876"})
        EXPECT_FALSE(issuer.mint(grant(subject), 60'000, now)) << subject;
    auto wish = grant();
    wish.roles = {""};
    EXPECT_FALSE(issuer.mint(wish, 60'000, now));
    wish.roles = {"customer"};
    wish.customer = 0;
    EXPECT_FALSE(issuer.mint(wish, 60'000, now));
    wish.customer = 1;
    EXPECT_THAT(issuer.mint(wish, 60'000, now).error(), HasSubstr("user:17 is not the customer 1"));
    wish.customer = 17;
    EXPECT_TRUE(issuer.mint(wish, 60'000, now));
    wish.may_read.assign(100, std::string(100, 'x'));
    EXPECT_THAT(issuer.mint(wish, 60'000, now).error(), HasSubstr("8 KiB"));
    wish.audience.clear();
    EXPECT_FALSE(issuer.mint(wish, 60'000, now));
}

auto words() {
    const auto word =
        rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>(' ' + 1, '~')));
    return rc::gen::scale(0.1, rc::gen::container<std::vector<std::string>>(word));
}

RC_GTEST_FIXTURE_PROP(IssuerTest, what_it_makes_is_read_as_it_was_meant, ()) {
    static const auto issuer = Issuer::make(file_).value();
    auto wish = grant("clerk:" + std::to_string(*rc::gen::inRange(0, 1000)) + "\"\\");
    wish.roles = *words();
    wish.may_read = *words();
    wish.may_write = *words();
    if (*rc::gen::arbitrary<bool>())
        wish.customer =
            *rc::gen::inRange<std::int64_t>(1, std::numeric_limits<std::int64_t>::max());
    const auto token = issuer.mint(wish, 60'000, now);
    RC_PRE(token.has_value());
    const auto claims = verified(issuer, *token);
    RC_ASSERT(claims.has_value());
    RC_ASSERT((**claims == Claims{wish.subject, wish.roles, wish.customer, wish.may_read,
                                  wish.may_write, now, now + 60'000}));
}

}  // namespace
}  // namespace yeyak::auth
