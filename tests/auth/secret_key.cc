#include "tests/auth/secret_key.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "auth/base64url.h"
#include "kernel/ensure.h"

namespace yeyak::auth {
namespace {

std::shared_ptr<EVP_PKEY> make(Algorithm algorithm, unsigned bits) {
    EVP_PKEY* key = nullptr;
    switch (algorithm) {
        case Algorithm::rs256:
            key = EVP_RSA_gen(bits);
            break;
        case Algorithm::es256:
            key = EVP_EC_gen("P-256");
            break;
        case Algorithm::eddsa:
            key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
            break;
    }
    ensure(key != nullptr, "a key can be made");
    return {key, EVP_PKEY_free};
}

std::string json_string(std::string_view text) { return fmt::format("\"{}\"", text); }

// A number of the key, of `bytes` bytes or as short as it is.
std::string number(EVP_PKEY* key, const char* name, int bytes = 0) {
    BIGNUM* value = nullptr;
    ensure(EVP_PKEY_get_bn_param(key, name, &value) == 1, "the key has it");
    std::string text(static_cast<std::size_t>(bytes > 0 ? bytes : BN_num_bytes(value)), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(text.data()),
                 static_cast<int>(text.size()));
    BN_free(value);
    return json_string(base64url(text));
}

std::string raw_of_der(const std::string& der) {
    const auto* in = reinterpret_cast<const unsigned char*>(der.data());
    auto* pair = d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size()));
    std::string raw(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32);
    ECDSA_SIG_free(pair);
    return raw;
}

}  // namespace

std::string object(const Members& members) {
    std::string json;
    for (const auto& [name, value] : members)
        if (!value.empty())
            json += fmt::format("{}\"{}\":{}", json.empty() ? "" : ",", name, value);
    return "{" + json + "}";
}

Members with(Members base, const Members& members) {
    for (const auto& [name, value] : members) base[name] = value;
    return base;
}

SecretKey::SecretKey(Algorithm algorithm, std::string id, unsigned bits)
    : algorithm_(algorithm), id_(std::move(id)), key_(make(algorithm, bits)) {}

Members SecretKey::jwk() const {
    Members made{{"kid", json_string(id_)}};
    auto* key = key_.get();
    switch (algorithm_) {
        case Algorithm::rs256:
            return with(made, {{"kty", "\"RSA\""},
                               {"n", number(key, OSSL_PKEY_PARAM_RSA_N)},
                               {"e", number(key, OSSL_PKEY_PARAM_RSA_E)}});
        case Algorithm::es256:
            return with(made, {{"kty", "\"EC\""},
                               {"crv", "\"P-256\""},
                               {"x", number(key, OSSL_PKEY_PARAM_EC_PUB_X, 32)},
                               {"y", number(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32)}});
        case Algorithm::eddsa:
            break;
    }
    std::string raw(32, '\0');
    auto size = raw.size();
    EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size);
    return with(made,
                {{"kty", "\"OKP\""}, {"crv", "\"Ed25519\""}, {"x", json_string(base64url(raw))}});
}

std::string SecretKey::sign(std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free};
    const auto* digest = algorithm_ == Algorithm::eddsa ? nullptr : EVP_sha256();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    ensure(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1, "sign");
    std::size_t size = 0;
    ensure(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1, "sign");
    std::string signature(size, '\0');
    ensure(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                          bytes, text.size()) == 1,
           "sign");
    signature.resize(size);
    return algorithm_ == Algorithm::es256 ? raw_of_der(signature) : signature;
}

std::string SecretKey::token(std::string_view head, std::string_view claims) const {
    const auto text = base64url(head) + "." + base64url(claims);
    return text + "." + base64url(sign(text));
}

Members SecretKey::head() const {
    return {
        {"alg", json_string(name_of(algorithm_))}, {"kid", json_string(id_)}, {"typ", "\"JWT\""}};
}

const SecretKey& rsa() {
    static const SecretKey key{Algorithm::rs256, "rsa"};
    return key;
}
const SecretKey& ec() {
    static const SecretKey key{Algorithm::es256, "ec"};
    return key;
}
const SecretKey& ed() {
    static const SecretKey key{Algorithm::eddsa, "ed"};
    return key;
}

std::string key_set(const std::vector<Members>& keys) {
    std::string json;
    for (const auto& key : keys) json += (json.empty() ? "" : ",") + object(key);
    return fmt::format(R"({{"keys":[{}]}})", json);
}

}  // namespace yeyak::auth
