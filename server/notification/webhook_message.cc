#include "server/notification/webhook_message.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "kernel/ensure.h"
#include "kernel/events.h"
#include "kernel/json.h"

namespace yeyak::server {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      bytes_of(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::array<char, 32> mac;
    unsigned size = 0;
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text),
                            text.size(), reinterpret_cast<unsigned char*>(mac.data()), &size);
    ensure(made != nullptr && size == mac.size(), "HMAC-SHA-256 does not fail");
    return {mac.data(), mac.size()};
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<Instant> http_date(std::string_view text) {
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
    const auto month = months.find(text.substr(8, 3));
    if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
    return parse_instant(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1,
                                     text.substr(5, 2), text.substr(17, 8)));
}

// At most a day: a channel that asks for more is tried again all the same.
std::int64_t pause_of(std::string_view retry_after, Instant now) {
    if (const auto seconds = number_in(retry_after))
        return std::min(*seconds, day_ms / 1000) * 1000;
    const auto at = http_date(retry_after);
    return at ? std::clamp<std::int64_t>(at->ms - now.ms, 0, day_ms) : 0;
}

}  // namespace

std::expected<WebhookUrl, std::string> parse_webhook_url(std::string_view url) {
    const auto refuse = [&](std::string_view why) {
        return std::unexpected(fmt::format("the webhook's URL {}", why));
    };
    WebhookUrl parsed;
    if (!url.starts_with("http://") && !url.starts_with("https://"))
        return refuse("must begin with http:// or https://");
    parsed.tls = url.starts_with("https://");
    if (std::ranges::any_of(url, [](char c) { return c <= ' ' || c > '~'; }))
        return refuse("must be visible ASCII characters, others percent-encoded");
    auto rest = url.substr(parsed.tls ? 8 : 7);
    const auto path = std::min(rest.find_first_of("/?#"), rest.size());
    parsed.authority = rest.substr(0, path);
    parsed.target = rest.substr(path);
    if (parsed.target.contains('#')) return refuse("must not have a fragment (#)");
    if (!parsed.target.starts_with('/')) parsed.target.insert(0, "/");
    if (parsed.authority.contains('@'))
        return refuse("must not hold a user or password; the signature says who sends");
    std::string_view host = parsed.authority;
    parsed.port = parsed.tls ? "443" : "80";
    const auto colon = host.rfind(':');
    const auto bracket = host.rfind(']');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        parsed.port = host.substr(colon + 1);
        const auto port = number_in(parsed.port);
        if (!port || *port < 1 || *port > 65'535) return refuse("must have a port from 1 to 65535");
        host = host.substr(0, colon);
    }
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty()) return refuse("must name a host");
    parsed.host = host;
    return parsed;
}

std::expected<std::string, std::string> parse_webhook_secret(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    constexpr std::string_view prefix = "whsec_";
    const auto wrong = std::unexpected<std::string>(
        "must hold a secret of the form whsec_…: base64 of 24 to 64 random bytes");
    if (!text.starts_with(prefix)) return wrong;
    text.remove_prefix(prefix.size());
    if (text.size() > 88 || text.size() % 4 != 0) return wrong;
    std::string key(text.size() / 4 * 3, '\0');
    const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()), bytes_of(text),
                                      static_cast<int>(text.size()));
    if (size < 0) return wrong;
    const auto padding = static_cast<std::size_t>(std::ranges::count(text, '='));
    key.resize(static_cast<std::size_t>(size) - std::min<std::size_t>(padding, 2));
    if (key.size() < 24 || key.size() > 64) return wrong;
    return key;
}

WebhookMessage webhook_message(const notification::NotificationRequested& what,
                               std::string_view secret, Instant now) {
    WebhookMessage message;
    message.body = "{\"type\":";
    append_json_string(message.body, what.kind);
    message.body += ",\"data\":" + encode_event(notification::Event{what}) + "}";
    const auto timestamp = fmt::format("{}", now.ms / 1000);
    const auto signed_text = fmt::format("{}.{}.{}", what.id, timestamp, message.body);
    message.headers = {{"webhook-id", what.id},
                       {"webhook-timestamp", timestamp},
                       {"webhook-signature", "v1," + base64(hmac_sha256(secret, signed_text))},
                       {"Idempotency-Key", what.id},
                       {"Content-Type", "application/json"},
                       {"User-Agent", "Yeyak/" YEYAK_VERSION}};
    return message;
}

NotifierAnswer webhook_outcome(unsigned status, std::string_view retry_after, Instant now) {
    if (status >= 200 && status < 300) return {NotifierAnswer::Kind::delivered};
    const bool later = status == 408 || status == 425 || status == 429;
    const bool never = status >= 400 && status < 500 && !later;
    auto reason = fmt::format("http_{}", status);
    if (never) return {NotifierAnswer::Kind::rejected, std::move(reason)};
    return {NotifierAnswer::Kind::failed, std::move(reason), pause_of(retry_after, now)};
}

}  // namespace yeyak::server
