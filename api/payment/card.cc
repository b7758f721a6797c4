#include "api/payment/card.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "aggregates/kernel/ensure.h"

namespace yeyak::api {
namespace {

using Key = std::array<unsigned char, 32>;

std::string failure(const std::filesystem::path& file, const char* what) {
    return fmt::format("{} {}: {}", what, file.string(), std::strerror(errno));
}

// Written completely and synced before it is used: a key that is lost makes tokens that never
// match.
std::expected<Key, std::string> make_key(const std::filesystem::path& file) {
    Key key;
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1)
        return std::unexpected("no random bytes for the card token key");
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) return std::unexpected(failure(file, "cannot create the card token key"));
    const bool written = ::write(out, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                         ::fsync(out) == 0;
    ::close(out);
    if (!written) return std::unexpected(failure(file, "cannot write the card token key"));
    return key;
}

}  // namespace

std::expected<CardVault, std::string> CardVault::open(const std::filesystem::path& file) {
    const int in = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (in < 0 && errno == ENOENT) {
        auto key = make_key(file);
        if (!key) return std::unexpected(std::move(key).error());
        return CardVault{*key};
    }
    if (in < 0) return std::unexpected(failure(file, "cannot open the card token key"));
    Key key;
    char beyond = 0;
    const bool whole = ::read(in, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                       ::read(in, &beyond, 1) == 0;
    ::close(in);
    if (!whole)
        return std::unexpected(
            fmt::format("the card token key {} must hold exactly 32 bytes", file.string()));
    return CardVault{key};
}

std::optional<Card> CardVault::take(std::string_view card_number) const {
    std::string digits;
    Card card;
    for (std::size_t i = 0; i < card_number.size(); ++i) {
        const char c = card_number[i];
        if (c >= '0' && c <= '9') {
            digits += c;
            card.masked += digits.size() >= 9 && digits.size() <= 12 ? '*' : c;
            continue;
        }
        const bool between = i > 0 && i + 1 < card_number.size() && card_number[i - 1] != c;
        if ((c != '-' && c != ' ') || !between) return std::nullopt;
        card.masked += c;
    }
    if (digits.size() < 12 || digits.size() > 19) return std::nullopt;
    std::array<unsigned char, 32> mac;
    unsigned size = 0;
    const auto* made = HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
                            reinterpret_cast<const unsigned char*>(digits.data()), digits.size(),
                            mac.data(), &size);
    ensure(made != nullptr && size == mac.size(), "HMAC-SHA-256 does not fail");
    for (std::size_t i = 0; i < 16; ++i) card.token += fmt::format("{:02x}", mac[i]);
    return card;
}

}  // namespace yeyak::api
