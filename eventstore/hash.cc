#include "eventstore/hash.h"

#include <openssl/evp.h>
#include <xxhash.h>

#include <memory>

#include "kernel/ensure.h"

namespace yeyak::eventstore {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeDigest {
    void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};

}  // namespace

Sha256 sha256(std::initializer_list<std::string_view> parts) {
    // Fetched once per thread: looking the algorithm up costs more than hashing an event.
    thread_local const std::unique_ptr<EVP_MD, FreeDigest> algorithm{
        EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
    ensure(algorithm && context, "OpenSSL provides SHA-256");
    bool ok = EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) == 1;
    for (const auto part : parts)
        ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    Sha256 digest;
    ok = ok && EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
    ensure(ok, "SHA-256 does not fail");
    return digest;
}

struct Sha256Stream::Context {
    std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {
    auto* const context = context_->context.get();
    ensure(context && EVP_DigestInit_ex2(context, EVP_sha256(), nullptr) == 1,
           "OpenSSL provides SHA-256");
}

Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(std::string_view bytes) {
    ensure(EVP_DigestUpdate(context_->context.get(), bytes.data(), bytes.size()) == 1,
           "SHA-256 does not fail");
}

Sha256 Sha256Stream::finish() {
    Sha256 digest;
    ensure(EVP_DigestFinal_ex(context_->context.get(), digest.data(), nullptr) == 1,
           "SHA-256 does not fail");
    return digest;
}

std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string to_hex(const Sha256& digest) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(64);
    for (const auto byte : digest) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::optional<Sha256> from_hex(std::string_view text) {
    Sha256 digest;
    if (text.size() != 2 * digest.size()) return std::nullopt;
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const int high = digit(text[2 * i]);
        const int low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        digest[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return digest;
}

}  // namespace yeyak::eventstore
