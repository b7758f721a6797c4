#include "auth/issuer.h"

#include <fmt/format.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <utility>

#include "auth/base64url.h"
#include "auth/key_file.h"
#include "auth/key_set.h"
#include "auth/openssl.h"
#include "auth/subject.h"
#include "auth/verifier.h"
#include "kernel/actor.h"
#include "kernel/ensure.h"
#include "kernel/json.h"
#include "kernel/normal_number.h"
#include "kernel/utf8.h"

namespace yeyak::auth {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t most_words = 100;

std::string raw_public_key(EVP_PKEY* key) {
    std::string bytes(key_bytes, '\0');
    auto size = bytes.size();
    const bool read = EVP_PKEY_get_raw_public_key(
                          key, reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1;
    ensure(read && size == key_bytes, "an Ed25519 key has a public half");
    return bytes;
}

std::string pem_of(EVP_PKEY* key) {
    const Owned<BIO> bio{BIO_new(BIO_s_mem())};
    const bool written = bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0,
                                                              nullptr, nullptr) == 1;
    ensure(written, "a private key can be written as PEM");
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

// Nothing for a text that holds no Ed25519 private key.
Owned<EVP_PKEY> key_from_pem(std::string_view pem) {
    const Owned<BIO> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    // Without a password callback OpenSSL would ask at the terminal.
    const auto no_password = [](char*, int, int, void*) { return -1; };
    Owned<EVP_PKEY> key{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)};
    if (key && EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) return nullptr;
    return key;
}

std::string sign(EVP_PKEY* key, std::string_view text) {
    const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    std::string signature(signature_bytes, '\0');
    auto size = signature.size();
    const bool made =
        context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       data_of(text), text.size()) == 1;
    ensure(made && size == signature_bytes, "signing with Ed25519 does not fail");
    return signature;
}

// Joins members of an object that is being written.
class Members {
  public:
    void add(std::string_view name, std::string_view text) {
        begin(name);
        append_json_string(json_, text);
    }
    void add(std::string_view name, std::int64_t number) {
        begin(name);
        json_ += std::to_string(number);
    }
    // Nothing for an empty list.
    void add(std::string_view name, const std::vector<std::string>& texts) {
        if (texts.empty()) return;
        begin(name);
        for (const auto& text : texts) {
            json_ += &text == &texts.front() ? '[' : ',';
            append_json_string(json_, text);
        }
        json_ += ']';
    }
    std::string done() && { return std::move(json_) + "}"; }

  private:
    void begin(std::string_view name) {
        json_ += json_.empty() ? '{' : ',';
        append_json_string(json_, name);
        json_ += ':';
    }
    std::string json_;
};

bool is_word(std::string_view text) { return !text.empty() && is_utf8(text) && !has_control(text); }

bool are_words(const std::vector<std::string>& texts) {
    return texts.size() <= most_words && std::ranges::all_of(texts, is_word);
}

std::expected<void, std::string> check(const Grant& grant) {
    if (!is_actor(grant.subject))
        return std::unexpected(
            "the subject must be 1 to 64 characters without blanks, such as user:1");
    if (mentions_registration_number(grant.subject))
        return std::unexpected(
            "the subject is recorded for ever, so no number that names a person may stand in it");
    if (!can_act(grant.subject))
        return std::unexpected(fmt::format(
            "the subject {} means the program itself, or nobody; name who it is, such as clerk:김",
            grant.subject));
    if (!is_word(grant.audience)) return std::unexpected("the audience must be a text");
    if (grant.customer && *grant.customer < 1)
        return std::unexpected("the number of a customer is at least 1");
    if (grant.customer && !can_be_customer(grant.subject, *grant.customer))
        return std::unexpected(
            fmt::format("{} is not the customer {}; name another subject, or leave the number out",
                        grant.subject, *grant.customer));
    if (!are_words(grant.roles) || !are_words(grant.may_read) || !are_words(grant.may_write))
        return std::unexpected(fmt::format(
            "roles and beginnings of streams must be texts, at most {} of each", most_words));
    return {};
}

std::string claims_of(const Grant& grant, std::int64_t ttl_s, std::int64_t now_s) {
    Members members;
    members.add("iss", own_issuer);
    members.add("sub", grant.subject);
    members.add("aud", grant.audience);
    members.add("iat", now_s);
    members.add("exp", now_s + ttl_s);
    members.add("roles", grant.roles);
    if (grant.customer) members.add("customer", *grant.customer);
    members.add("streams_read", grant.may_read);
    members.add("streams_write", grant.may_write);
    return std::move(members).done();
}

}  // namespace

struct Issuer::Key {
    Owned<EVP_PKEY> handle;
};

std::filesystem::path own_key_file_in(const std::filesystem::path& data) {
    return data / "auth.key";
}

Issuer::Issuer(std::shared_ptr<const Key> key) : key_(std::move(key)) {
    const auto x = base64url(raw_public_key(key_->handle.get()));
    const auto made = PublicKey::ed25519("", x);
    ensure(made.has_value(), "the public half of a key is a key");
    key_id_ = made->id();
    key_set_ = fmt::format(R"({{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{}","kid":"{}",)"
                           R"("alg":"EdDSA","use":"sig"}}]}})",
                           x, key_id_);
}

std::expected<Issuer, std::string> Issuer::make(const std::filesystem::path& key_file) {
    auto key =
        std::make_shared<Key>(Owned<EVP_PKEY>{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")});
    ensure(key->handle != nullptr, "a key can be made");
    if (auto written = make_secret(key_file, pem_of(key->handle.get())); !written)
        return std::unexpected(std::move(written).error());
    return Issuer{std::move(key)};
}

std::expected<std::optional<Issuer>, std::string> Issuer::open(
    const std::filesystem::path& key_file) {
    const auto pem = read_secret(key_file);
    if (!pem) return std::unexpected(pem.error());
    if (!*pem) return std::optional<Issuer>{};
    auto handle = key_from_pem(**pem);
    if (!handle)
        return std::unexpected(
            fmt::format("{} holds no Ed25519 private key in PEM (PKCS#8); move it away and make "
                        "another one with `yeyak auth init`",
                        key_file.string()));
    return Issuer{std::make_shared<Key>(std::move(handle))};
}

std::expected<std::string, std::string> Issuer::mint(const Grant& grant, std::int64_t ttl_ms,
                                                     Instant now) const {
    if (auto fits = check(grant); !fits) return std::unexpected(std::move(fits).error());
    if (ttl_ms < 1000 || ttl_ms > max_ttl_ms)
        return std::unexpected("a token is good for 1 s at least, and for 3,660 days at most");
    Members head;
    head.add("alg", name_of(Algorithm::eddsa));
    head.add("kid", key_id_);
    head.add("typ", "JWT");
    const auto claims = claims_of(grant, ttl_ms / 1000, now.ms / 1000);
    auto token = base64url(std::move(head).done()) + "." + base64url(claims);
    token += "." + base64url(sign(key_->handle.get(), token));
    if (token.size() > max_token_bytes)
        return std::unexpected("the token would be longer than the 8 KiB that a server takes");
    return token;
}

}  // namespace yeyak::auth
