// What a webhook sends and what its answers mean, as values: the message and its signature follow
// the Standard Webhooks specification 1.0.0 (symmetric, "v1"). No sockets here.
#pragma once
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/time.h"
#include "server/notification/notifier.h"

namespace yeyak::server {

struct WebhookUrl {
    bool tls = false;
    std::string host;       // as it is looked up: no brackets around an IPv6 address
    std::string port;       // "443" unless the URL says another
    std::string target;     // path and query
    std::string authority;  // of the Host field
};

// The error says what is wrong with the URL.
std::expected<WebhookUrl, std::string> parse_webhook_url(std::string_view url);

// The key's bytes of "whsec_" and base64, 24 to 64 of them.
std::expected<std::string, std::string> parse_webhook_secret(std::string_view text);

struct WebhookMessage {
    std::vector<std::pair<std::string_view, std::string>> headers;
    std::string body;
};

// Id and body are the same for every attempt at a notification; time and signature are not.
WebhookMessage webhook_message(const notification::NotificationRequested& what,
                               std::string_view secret, Instant now);

// What a status means; `retry_after` is the header field, in seconds or as a date, or empty.
NotifierAnswer webhook_outcome(unsigned status, std::string_view retry_after, Instant now);

}  // namespace yeyak::server
