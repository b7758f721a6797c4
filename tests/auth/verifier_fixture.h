// A verifier that knows one key of each kind, and tokens that are right but for what a test
// changes.
#pragma once
#include <gtest/gtest.h>

#include "auth/verifier.h"
#include "tests/auth/secret_key.h"

namespace yeyak::auth {

inline constexpr Instant now{1'800'000'000'000};
inline constexpr std::int64_t now_s = now.ms / 1000;

inline KeySet all_keys() {
    return KeySet::parse(key_set({rsa().jwk(), ec().jwk(), ed().jwk()})).value();
}

class VerifierTest : public testing::Test {
  protected:
    // The claims of an honest token, good for an hour.
    static Members claims() {
        return {{"iss", R"("https://id.example")"},
                {"aud", R"("shop")"},
                {"sub", R"("user:17")"},
                {"iat", std::to_string(now_s)},
                {"exp", std::to_string(now_s + 3600)}};
    }
    static std::string good(const SecretKey& key = ed()) {
        return key.token(object(key.head()), object(claims()));
    }
    // A right signature over claims, or over a head, that are not.
    static std::string claiming(const Members& changed) {
        return ed().token(object(ed().head()), object(with(claims(), changed)));
    }
    static std::string headed(const Members& changed, const SecretKey& key = ed()) {
        return key.token(object(with(key.head(), changed)), object(claims()));
    }

    // "taken", or the name of the fault.
    std::string verdict(std::string_view token, Instant at = now) {
        const auto verified = verifier_.verify(token, at);
        return verified ? "taken" : std::string{name_of(verified.error())};
    }
    std::shared_ptr<const Claims> taken(std::string_view token) {
        const auto verified = verifier_.verify(token, now);
        EXPECT_TRUE(verified) << (verified ? "" : name_of(verified.error()));
        return verified ? *verified : std::make_shared<const Claims>();
    }

    Revocations revocations_;
    Verifier verifier_{{"https://id.example", "shop"}, all_keys(), revocations_};
};

}  // namespace yeyak::auth
