// `yeyak auth`: the key of a folder, tokens on the standard output, and revocations at rest.
#include <fmt/format.h>

#include <chrono>
#include <fstream>

#include "auth/issuer.h"
#include "auth/verifier.h"
#include "eventstore/rocks_store.h"
#include "replay-tools/audit/privacy_commands.h"
#include "replay-tools/auth/lifetime.h"
#include "server/auth/revoked_tokens.h"
#include "tests/replay-tools/folder_test.h"
#include "tests/replay-tools/run_yeyak.h"

namespace yeyak::tools::testing {
namespace {

class AuthTest : public FolderTest {
  protected:
    static auth::Verifier::Verified verified(const std::filesystem::path& folder, std::string token,
                                             Instant now = now_at_rest()) {
        const auto issuer = auth::Issuer::open(auth::own_key_file_in(folder)).value();
        static const auth::Revocations none;
        token.pop_back();  // the end of the line
        return auth::Verifier{{std::string{auth::own_issuer}, "yeyak"},
                              auth::KeySet::parse(issuer->key_set()).value(),
                              none}
            .verify(token, now);
    }
    // Whether a token that user:1 was given then counts no more.
    bool revoked(Instant issued) const {
        eventstore::RocksOptions options;
        options.data_dir = data();
        options.read_only = true;
        const auto log = eventstore::RocksStore::open(options);
        auth::Revocations found;
        EXPECT_TRUE(server::read_revocations(**log, found));
        auth::Claims claims;
        claims.subject = "user:1";
        claims.issued = issued;
        return found.revoked(claims);
    }
};

TEST_F(AuthTest, a_new_folder_gets_a_key_and_a_used_one_keeps_its_own) {
    const auto folder = work() / "fresh" / "data";
    const auto made = yeyak({"auth", "init", "--data", folder});
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_TRUE(has(made.out, "auth.key")) << made.out;
    EXPECT_TRUE(has(made.out, "--auth-mode jwt")) << made.out;
    const auto again = yeyak({"auth", "init", "--data", folder});
    EXPECT_EQ(again.code, 1);
    EXPECT_TRUE(has(again.err, "is there already")) << again.err;
    EXPECT_EQ(yeyak({"auth", "init", "--data", data()}).code, 0);
    EXPECT_EQ(yeyak({"auth", "init", "--data", data() / "FORMAT"}).code, 3);
    EXPECT_EQ(yeyak({"auth", "init", "--data", data() / "views"}).code, 3);
}

TEST_F(AuthTest, a_token_is_all_that_is_printed) {
    ASSERT_EQ(yeyak({"auth", "init", "--data", data()}).code, 0);
    const auto made = yeyak({"auth",
                             "token",
                             "--data",
                             data(),
                             "--subject",
                             "shop-import",
                             "--role",
                             "program",
                             "--role",
                             "auditor",
                             "--ttl",
                             "2m",
                             "--streams-read",
                             "orders-",
                             "--streams-write",
                             "orders-",
                             "--streams-write",
                             "stock-",
                             "--customer",
                             "7"});
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_EQ(made.out.find('\n'), made.out.size() - 1);
    const auto claims = verified(data(), made.out);
    ASSERT_TRUE(claims) << auth::name_of(claims.error());
    EXPECT_EQ((*claims)->subject, "shop-import");
    EXPECT_EQ((*claims)->roles, (std::vector<std::string>{"program", "auditor"}));
    EXPECT_EQ((*claims)->customer, 7);
    EXPECT_EQ((*claims)->may_read, std::vector<std::string>{"orders-"});
    EXPECT_EQ((*claims)->may_write, (std::vector<std::string>{"orders-", "stock-"}));
    EXPECT_EQ((*claims)->expires, (*claims)->issued + 120'000);
}

TEST_F(AuthTest, what_cannot_be_a_token_is_refused_before_it_is_one) {
    const auto token = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"auth", "token", "--data", data(), "--role", "customer"});
        return yeyak(more);
    };
    const auto without = token({"--subject", "user:1"});
    EXPECT_EQ(without.code, 3);
    EXPECT_TRUE(has(without.err, "yeyak auth init")) << without.err;
    ASSERT_EQ(yeyak({"auth", "init", "--data", data()}).code, 0);
    EXPECT_EQ(token({"--subject", "user:1"}).code, 0);
    EXPECT_EQ(token({}).code, 2);
    for (const auto* subject : {"", "a b", "yeyak", "anonymous"})
        EXPECT_EQ(token({"--subject", subject}).code, 2) << subject;
    for (const auto* ttl : {"", "1", "h", "0s", "-1h", "1w", "1.5h", "4000d", "1 h"})
        EXPECT_EQ(token({"--subject", "user:1", "--ttl", ttl}).code, 2) << ttl;
    EXPECT_EQ(token({"--subject", "user:1", "--customer", "0"}).code, 2);
    EXPECT_EQ(token({"--subject", "user:1", "--customer", "2"}).code, 2);
    EXPECT_EQ(token({"--subject", "user:890309-2766876"}).code, 2);
    EXPECT_EQ(yeyak({"auth", "token", "--data", data(), "--subject", "user:1"}).code, 2);
    std::ofstream{auth::own_key_file_in(data()), std::ios::trunc} << "broken";
    EXPECT_EQ(token({"--subject", "user:1"}).code, 3);
}

TEST(Lifetime, is_a_number_and_a_unit) {
    EXPECT_EQ(parse_lifetime("90s"), 90'000);
    EXPECT_EQ(parse_lifetime("15m"), 900'000);
    EXPECT_EQ(parse_lifetime("1h"), 3'600'000);
    EXPECT_EQ(parse_lifetime("30d"), 2'592'000'000);
    EXPECT_EQ(parse_lifetime("1000000001d"), std::nullopt);
    EXPECT_EQ(parse_lifetime("99999999999999999999d"), std::nullopt);
}

TEST_F(AuthTest, a_revocation_at_rest_is_in_the_log) {
    const auto before = now_at_rest();
    const auto ran = yeyak({"auth", "revoke", "--data", data(), "--subject", "user:1", "--reason",
                            "telephone lost", "--actor", "ann"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(has(ran.out, "user:1")) << ran.out;
    EXPECT_TRUE(revoked(before));
    EXPECT_FALSE(revoked(now_at_rest() + 1));
    EXPECT_EQ(yeyak({"audit", "verify", "--data", data(), "--work-dir", work()}).code, 0);
}

TEST_F(AuthTest, a_revocation_says_whose_tokens_and_where) {
    EXPECT_EQ(yeyak({"auth", "revoke", "--subject", "user:1"}).code, 2);
    EXPECT_EQ(yeyak({"auth", "revoke", "--data", data()}).code, 2);
    EXPECT_EQ(yeyak({"auth", "revoke", "--data", data(), "--subject", "a b"}).code, 2);
    EXPECT_EQ(yeyak({"auth", "revoke", "--data", data(), "--subject", "user:1", "--reason",
                     "of 850101-1234567"})
                  .code,
              2);
    EXPECT_EQ(
        yeyak({"auth", "revoke", "--server", "http://127.0.0.1:1", "--subject", "user:1"}).code, 5);
    EXPECT_EQ(yeyak({"auth", "revoke", "--data", "/nowhere", "--subject", "user:1"}).code, 3);
}

}  // namespace
}  // namespace yeyak::tools::testing
