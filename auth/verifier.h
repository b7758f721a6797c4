// Says whom a token (JWT, RFC 7519, in the compact form of RFC 7515) speaks for, or why it does not
// count. What is checked, and why, stands in docs/decisions/0027-front-door.md.
//
// Verified tokens are remembered by their SHA-256 until they expire, at most max_remembered of
// them, as a signature takes far longer than a look into a table. Everything that time or an
// operator can change is asked again for a remembered token: its expiry, revocations, and whether
// its key is still in the set.
//
// Has no clock: time is passed in. May be used from any thread; the lock is not held while a
// signature is checked.
#pragma once
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "auth/claims.h"
#include "auth/fault.h"
#include "auth/key_set.h"
#include "auth/revocations.h"

namespace yeyak::auth {

inline constexpr std::size_t max_token_bytes = 8 * 1024;
inline constexpr std::int64_t leeway_ms = 30'000;  // for clocks that differ: exp, nbf and iat

// What a token must say about itself.
struct Expected {
    std::string issuer;    // "iss", byte for byte
    std::string audience;  // "aud" is this text, or an array with it
};

class Verifier {
  public:
    using Verified = std::expected<std::shared_ptr<const Claims>, Fault>;
    static constexpr std::size_t max_remembered = 10'000;

    // `revocations` must outlive the verifier.
    Verifier(Expected expected, KeySet keys, const Revocations& revocations);
    ~Verifier();
    Verifier(const Verifier&) = delete;
    Verifier& operator=(const Verifier&) = delete;

    // The claims are shared with the memory of verified tokens.
    Verified verify(std::string_view token, Instant now);

    // Whether a token that had this fault may be of a key that the issuer took meanwhile, so that
    // his keys are to be fetched again (auth/refresh_policy.h): it names one that is not known, or
    // names none, and is of none of those that are known.
    static bool may_be_of_a_newer_key(std::string_view token, Fault fault);

    // Takes the place of the set. Tokens of keys that are gone are forgotten; those of the others
    // stay remembered.
    void set_keys(KeySet keys);

    std::size_t remembered() const;

  private:
    class Memory;
    std::shared_ptr<const Claims> recall(const std::string& digest, Instant now);
    Verified judge(std::string_view token, const std::string& digest, Instant now);
    std::shared_ptr<const KeySet> keys() const;

    const Expected expected_;
    const Revocations& revocations_;
    mutable std::mutex mutex_;
    std::shared_ptr<const KeySet> keys_;
    std::unique_ptr<Memory> memory_;
};

}  // namespace yeyak::auth
