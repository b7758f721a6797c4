#include "eventstore/hash.h"

#include <openssl/evp.h>
#include <xxhash.h>

#include <memory>

#include "aggregates/kernel/ensure.h"

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

}  // namespace yeyak::eventstore
