// The public keys that tokens are verified with: a JWK set (RFC 7517, 7518, 8037). Taken are RSA of
// 2,048 to 8,192 bits (RS256), EC on P-256 (ES256) and OKP with Ed25519 (EdDSA). A key that says
// another "alg" than the one of its kind, or that it is for something else ("use", "key_ops"), and
// a key of another kind is skipped: an issuer may publish what others need. There is no symmetric
// key: with one, whoever can verify could sign.
//
// A set with a private key in it is refused as a whole. That key is known to all who can read the
// set, and going on with it in silence would hide the leak.
//
// Immutable; may be used from any thread.
#pragma once
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "auth/public_key.h"

namespace yeyak::auth {

class KeySet {
  public:
    static constexpr std::size_t max_bytes = 256 * 1024;
    static constexpr std::size_t max_keys = 100;

    KeySet() = default;  // no key: every token is refused

    // The error is a text for an operator. Refused: no JWK set, a private key, a key of a kind that
    // is taken here which cannot be read or is too weak, two keys of one id, no key at all.
    static std::expected<KeySet, std::string> parse(std::string_view json);

    const PublicKey* find(std::string_view id) const;  // valid as long as the set
    const std::vector<PublicKey>& keys() const { return keys_; }

  private:
    std::vector<PublicKey> keys_;
};

}  // namespace yeyak::auth
