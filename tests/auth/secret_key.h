// Keys of an issuer, made anew for each run, and tokens of any shape that are signed with them.
#pragma once
#include <openssl/evp.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/public_key.h"

namespace yeyak::auth {

// Names and values of a JSON object; the values are JSON. An empty value leaves the member out.
using Members = std::map<std::string, std::string>;
std::string object(const Members& members);
// `members` in place of those of the same name.
Members with(Members base, const Members& members);

class SecretKey {
  public:
    SecretKey(Algorithm algorithm, std::string id, unsigned bits = 2048);

    const std::string& id() const { return id_; }
    // The public half as a JWK.
    Members jwk() const;
    // As JWS has it.
    std::string sign(std::string_view text) const;
    // A whole token with a right signature, whatever head and claims are.
    std::string token(std::string_view head, std::string_view claims) const;
    // The head that an honest issuer writes.
    Members head() const;

  private:
    Algorithm algorithm_;
    std::string id_;
    std::shared_ptr<EVP_PKEY> key_;
};

// One of each kind, with the ids "rsa", "ec" and "ed". Making RSA keys takes a while.
const SecretKey& rsa();
const SecretKey& ec();
const SecretKey& ed();

std::string key_set(const std::vector<Members>& keys);

}  // namespace yeyak::auth
