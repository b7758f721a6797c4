#include "auth/public_key.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <optional>

#include "auth/base64url.h"
#include "auth/digest.h"
#include "auth/openssl.h"
#include "kernel/ensure.h"

namespace yeyak::auth {
namespace {

constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;  // longer ones take too long to verify with
constexpr std::size_t coordinate_bytes = 32;

// Encodings of the points of small order, without their sign: with one of them as the key, there
// are signatures that fit every text (RFC 8032, 5.1.7; the numbers follow from the curve).
constexpr std::array<std::string_view, 7> small_order{
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

bool is_of_small_order(std::string point) {
    point.back() = static_cast<char>(point.back() & 0x7f);
    return std::ranges::find(small_order, hex(point)) != small_order.end();
}

Owned<BIGNUM> number_of(std::string_view bytes) {
    return Owned<BIGNUM>{BN_bin2bn(data_of(bytes), static_cast<int>(bytes.size()), nullptr)};
}

struct FreeParameters {
    void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
};
using Builder = std::unique_ptr<OSSL_PARAM_BLD, FreeParameters>;

// Nothing when the parameters are no key.
Owned<EVP_PKEY> key_from(const char* kind, const Builder& builder) {
    const std::unique_ptr<OSSL_PARAM, FreeParameters> parameters{
        OSSL_PARAM_BLD_to_param(builder.get())};
    const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr)};
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    return Owned<EVP_PKEY>{key};
}

// What the base64url of a coordinate, or of a key of Ed25519, says.
std::optional<std::string> coordinate(std::string_view text) {
    auto bytes = from_base64url(text);
    if (!bytes || bytes->size() != coordinate_bytes) return std::nullopt;
    return bytes;
}

// r and s, one behind the other, as OpenSSL wants them (DER).
std::optional<std::string> der_of(std::string_view signature) {
    if (signature.size() != 2 * coordinate_bytes) return std::nullopt;
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair{ECDSA_SIG_new(),
                                                                     ECDSA_SIG_free};
    auto r = number_of(signature.substr(0, coordinate_bytes));
    auto s = number_of(signature.substr(coordinate_bytes));
    if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return std::nullopt;
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    unsigned char* out = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &out);
    if (size <= 0) return std::nullopt;
    std::string der(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
    OPENSSL_free(out);
    return der;
}

bool verifies_with(EVP_PKEY* key, Algorithm algorithm, std::string_view text,
                   std::string_view signature) {
    const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* options = nullptr;  // the context's own
    // Ed25519 hashes by itself.
    const auto* digest = algorithm == Algorithm::eddsa ? nullptr : EVP_sha256();
    if (!context || EVP_DigestVerifyInit(context.get(), &options, digest, nullptr, key) != 1 ||
        (algorithm == Algorithm::rs256 &&
         EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PADDING) != 1))
        return false;
    return EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(text),
                            text.size()) == 1;
}

}  // namespace

struct PublicKey::Material {
    Owned<EVP_PKEY> key;
};

std::string_view name_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::rs256:
            return "RS256";
        case Algorithm::es256:
            return "ES256";
        case Algorithm::eddsa:
            return "EdDSA";
    }
    ensure(false, "every algorithm has a name");
    return {};
}

PublicKey::PublicKey(Algorithm algorithm, std::string_view id, std::string_view canonical,
                     std::shared_ptr<const Material> material)
    : algorithm_(algorithm),
      thumbprint_(base64url(sha256(canonical))),
      id_(id.empty() ? std::string_view{thumbprint_} : id),
      material_(std::move(material)) {}

PublicKey::Made PublicKey::rsa(std::string_view id, std::string_view n, std::string_view e) {
    const auto modulus = from_base64url(n);
    const auto exponent = from_base64url(e);
    if (!modulus || !exponent || modulus->empty() || exponent->empty() ||
        modulus->front() == '\0' || exponent->front() == '\0')
        return std::unexpected("has no n and e that are numbers in base64url");
    const auto number = number_of(*modulus);
    const auto power = number_of(*exponent);
    ensure(number && power, "there is memory for a number");
    const int bits = BN_num_bits(number.get());
    if (bits < least_rsa_bits || bits > most_rsa_bits)
        return std::unexpected(fmt::format("has {} bits, which must be {} to {}", bits,
                                           least_rsa_bits, most_rsa_bits));
    // With e = 1 a signature is the text itself.
    if (!BN_is_odd(number.get()) || !BN_is_odd(power.get()) || BN_is_one(power.get()) ||
        BN_num_bits(power.get()) > 64)
        return std::unexpected("is no RSA key: n and e must be odd, and e from 3 to 64 bits long");
    const Builder builder{OSSL_PARAM_BLD_new()};
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, number.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, power.get());
    auto key = key_from("RSA", builder);
    if (!key) return std::unexpected("is no RSA key");
    return PublicKey{Algorithm::rs256, id,
                     fmt::format(R"({{"e":"{}","kty":"RSA","n":"{}"}})", e, n),
                     std::make_shared<Material>(std::move(key))};
}

PublicKey::Made PublicKey::p256(std::string_view id, std::string_view x, std::string_view y) {
    const auto left = coordinate(x);
    const auto right = coordinate(y);
    if (!left || !right) return std::unexpected("has no x and y of 32 bytes in base64url");
    const auto point = "\x04" + *left + *right;
    const Builder builder{OSSL_PARAM_BLD_new()};
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                     point.size());
    auto key = key_from("EC", builder);
    if (!key) return std::unexpected("is not on the curve P-256");
    return PublicKey{Algorithm::es256, id,
                     fmt::format(R"({{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}})", x, y),
                     std::make_shared<Material>(std::move(key))};
}

PublicKey::Made PublicKey::ed25519(std::string_view id, std::string_view x) {
    const auto point = coordinate(x);
    if (!point) return std::unexpected("has no x of 32 bytes in base64url");
    if (is_of_small_order(*point)) return std::unexpected("is a point of small order");
    Owned<EVP_PKEY> key{
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, data_of(*point), point->size())};
    if (!key) return std::unexpected("is no Ed25519 key");
    return PublicKey{Algorithm::eddsa, id,
                     fmt::format(R"({{"crv":"Ed25519","kty":"OKP","x":"{}"}})", x),
                     std::make_shared<Material>(std::move(key))};
}

bool PublicKey::verifies(std::string_view signed_text, std::string_view signature) const {
    if (algorithm_ != Algorithm::es256)
        return verifies_with(material_->key.get(), algorithm_, signed_text, signature);
    const auto der = der_of(signature);
    return der && verifies_with(material_->key.get(), algorithm_, signed_text, *der);
}

}  // namespace yeyak::auth
