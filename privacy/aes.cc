#include "privacy/aes.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <memory>

#include "kernel/ensure.h"

namespace yeyak::privacy {
namespace {

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Looked up once: finding an algorithm costs more than using it.
const EVP_CIPHER* cipher() {
    static const EVP_CIPHER* found = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    ensure(found != nullptr, "OpenSSL has AES-256-GCM");
    return found;
}

struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
EVP_CIPHER_CTX* context() {
    thread_local const std::unique_ptr<EVP_CIPHER_CTX, Free> own{EVP_CIPHER_CTX_new()};
    ensure(own != nullptr, "there is memory for a cipher");
    return own.get();
}

// One for each thread, keyed anew for each hash.
EVP_MAC_CTX* mac_context() {
    static EVP_MAC* found = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    const auto make = [] {
        std::unique_ptr<EVP_MAC_CTX, Free> made{EVP_MAC_CTX_new(found)};
        char digest[] = "SHA256";
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
            OSSL_PARAM_construct_end()};
        ensure(made != nullptr && EVP_MAC_CTX_set_params(made.get(), parameters) == 1,
               "OpenSSL has HMAC-SHA-256");
        return made;
    };
    thread_local const auto own = make();
    return own.get();
}

}  // namespace

std::string encrypt(const KeyBytes& key, std::string_view nonce, std::string_view associated,
                    std::string_view plaintext) {
    ensure(nonce.size() == nonce_size, "a nonce has 12 bytes");
    std::string out(plaintext.size() + tag_size, '\0');
    auto* own = context();
    int size = 0;
    const bool done = EVP_EncryptInit_ex2(own, cipher(), key.data(), bytes(nonce), nullptr) == 1 &&
                      EVP_EncryptUpdate(own, nullptr, &size, bytes(associated),
                                        static_cast<int>(associated.size())) == 1 &&
                      EVP_EncryptUpdate(own, bytes(out), &size, bytes(plaintext),
                                        static_cast<int>(plaintext.size())) == 1 &&
                      EVP_EncryptFinal_ex(own, bytes(out) + size, &size) == 1 &&
                      EVP_CIPHER_CTX_ctrl(own, EVP_CTRL_AEAD_GET_TAG, tag_size,
                                          bytes(out) + plaintext.size()) == 1;
    ensure(done, "AES-256-GCM does not fail to encrypt");
    return out;
}

std::optional<std::string> decrypt(const KeyBytes& key, std::string_view nonce,
                                   std::string_view associated, std::string_view ciphertext) {
    if (nonce.size() != nonce_size || ciphertext.size() < tag_size) return std::nullopt;
    const auto length = ciphertext.size() - tag_size;
    std::string tag{ciphertext.substr(length)};
    // One byte more than is needed, so that there is an address for an empty text, too.
    std::string out(length + 1, '\0');
    auto* own = context();
    int size = 0;
    const bool done = EVP_DecryptInit_ex2(own, cipher(), key.data(), bytes(nonce), nullptr) == 1 &&
                      EVP_DecryptUpdate(own, nullptr, &size, bytes(associated),
                                        static_cast<int>(associated.size())) == 1 &&
                      EVP_DecryptUpdate(own, bytes(out), &size, bytes(ciphertext),
                                        static_cast<int>(length)) == 1 &&
                      EVP_CIPHER_CTX_ctrl(own, EVP_CTRL_AEAD_SET_TAG, tag_size, bytes(tag)) == 1 &&
                      EVP_DecryptFinal_ex(own, bytes(out) + length, &size) == 1;
    if (!done) {
        OPENSSL_cleanse(out.data(), out.size());
        return std::nullopt;
    }
    out.resize(length);
    return out;
}

KeyBytes keyed_hash(const KeyBytes& key, std::initializer_list<std::string_view> parts) {
    auto* own = mac_context();
    bool done = EVP_MAC_init(own, key.data(), key.size(), nullptr) == 1;
    for (const auto part : parts) done = done && EVP_MAC_update(own, bytes(part), part.size()) == 1;
    KeyBytes mac;
    std::size_t size = 0;
    done = done && EVP_MAC_final(own, mac.data(), &size, mac.size()) == 1;
    ensure(done && size == mac.size(), "HMAC-SHA-256 does not fail");
    return mac;
}

KeyBytes random_key() {
    KeyBytes key;
    ensure(RAND_bytes(key.data(), static_cast<int>(key.size())) == 1, "there are random bytes");
    return key;
}

std::string random_bytes(std::size_t size) {
    std::string out(size, '\0');
    ensure(RAND_bytes(bytes(out), static_cast<int>(size)) == 1, "there are random bytes");
    return out;
}

void wipe(KeyBytes& key) { OPENSSL_cleanse(key.data(), key.size()); }

std::string to_hex(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(text.size() * 2);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = digit(hex[i]);
        const int low = digit(hex[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

}  // namespace yeyak::privacy
