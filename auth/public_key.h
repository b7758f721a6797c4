// A public key and the one algorithm that it is for, which follows from its kind. Immutable; may be
// used from any thread. Errors are half sentences for an operator: "has 1024 bits, …".
#pragma once
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace yeyak::auth {

enum class Algorithm { rs256, es256, eddsa };
std::string_view name_of(Algorithm algorithm);  // as "alg" says it: "RS256", "ES256", "EdDSA"

class PublicKey {
  public:
    using Made = std::expected<PublicKey, std::string>;
    // All parts as a JWK has them: base64url of numbers, big-endian (RFC 7518, 6.2 and 6.3; RFC
    // 8037). An empty `id` makes the thumbprint the id.
    static Made rsa(std::string_view id, std::string_view n, std::string_view e);
    static Made p256(std::string_view id, std::string_view x, std::string_view y);
    static Made ed25519(std::string_view id, std::string_view x);

    // "kid"; the thumbprint of a key that has none.
    const std::string& id() const { return id_; }
    // Tells one key from another, whatever they are called: RFC 7638 with SHA-256, in base64url.
    const std::string& thumbprint() const { return thumbprint_; }
    Algorithm algorithm() const { return algorithm_; }

    // `signature` as JWS has it: r and s of ES256 are 32 bytes each (RFC 7518, 3.4).
    bool verifies(std::string_view signed_text, std::string_view signature) const;

  private:
    struct Material;  // OpenSSL's key
    PublicKey(Algorithm algorithm, std::string_view id, std::string_view canonical,
              std::shared_ptr<const Material> material);

    Algorithm algorithm_;
    std::string thumbprint_;
    std::string id_;
    std::shared_ptr<const Material> material_;
};

}  // namespace yeyak::auth
