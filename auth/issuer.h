// Makes tokens with a key of the data folder, for teams without an identity provider.
//
//   DATA/auth.key   Ed25519, PKCS#8 in PEM, mode 0600; made by `yeyak auth init`
//
// Nothing in the log is bound to this key. When it is lost, another one is made: tokens of the
// former count no more.
//
// Errors are texts that name the file and say what to do.
#pragma once
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "auth/claims.h"

namespace yeyak::auth {

// "iss" of the tokens that are made here.
inline constexpr std::string_view own_issuer = "yeyak";

std::filesystem::path own_key_file_in(const std::filesystem::path& data);

// What a token is made from.
struct Grant {
    std::string subject;
    std::string audience;
    std::vector<std::string> roles = {};
    std::optional<std::int64_t> customer = {};
    std::vector<std::string> may_read = {};
    std::vector<std::string> may_write = {};
};

class Issuer {
  public:
    static constexpr std::int64_t max_ttl_ms = 3'660LL * 24 * 60 * 60 * 1000;

    // Makes the file, durably; refused when it is there.
    static std::expected<Issuer, std::string> make(const std::filesystem::path& key_file);
    // Nothing when the file is not there.
    static std::expected<std::optional<Issuer>, std::string> open(
        const std::filesystem::path& key_file);

    // The token in compact form, good from `now` for `ttl_ms` (both are cut to whole seconds).
    // Refused is what a server would not take: a subject that cannot act or is
    // another customer, a token that is too long.
    std::expected<std::string, std::string> mint(const Grant& grant, std::int64_t ttl_ms,
                                                 Instant now) const;

    const std::string& key_id() const { return key_id_; }  // its thumbprint (RFC 7638)
    // The JWK set with the public key, as GET /.well-known/jwks.json answers it.
    const std::string& key_set() const { return key_set_; }

  private:
    struct Key;
    explicit Issuer(std::shared_ptr<const Key> key);

    std::shared_ptr<const Key> key_;
    std::string key_id_;
    std::string key_set_;
};

}  // namespace yeyak::auth
