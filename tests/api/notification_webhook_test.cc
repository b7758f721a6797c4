// What a webhook sends and what its answers mean. The exchange itself is tested with the real
// program and a server beside it (tests/e2e/notification_webhook_test.py).
#include <gtest/gtest.h>

#include "server/notification/webhook_message.h"

namespace yeyak::api {
namespace {

using Kind = server::NotifierAnswer::Kind;

constexpr Instant now{1'674'087'231'456};

std::string error_of(std::string_view url) {
    const auto parsed = server::parse_webhook_url(url);
    return parsed ? "" : parsed.error();
}

TEST(WebhookUrl, is_taken_apart) {
    const auto plain = server::parse_webhook_url("http://example.org");
    ASSERT_TRUE(plain.has_value());
    EXPECT_FALSE(plain->tls);
    EXPECT_EQ(plain->host, "example.org");
    EXPECT_EQ(plain->port, "80");
    EXPECT_EQ(plain->target, "/");
    const auto full = server::parse_webhook_url("https://[::1]:8443/hooks/a?b=c:d");
    ASSERT_TRUE(full.has_value());
    EXPECT_TRUE(full->tls);
    EXPECT_EQ(full->host, "::1");
    EXPECT_EQ(full->port, "8443");
    EXPECT_EQ(full->authority, "[::1]:8443");
    EXPECT_EQ(full->target, "/hooks/a?b=c:d");
    EXPECT_EQ(server::parse_webhook_url("https://[::1]?a")->port, "443");
    EXPECT_EQ(server::parse_webhook_url("https://a?b")->target, "/?b");
}

TEST(WebhookUrl, of_another_kind_is_refused_with_a_reason) {
    for (const auto* url :
         {"ftp://a", "a.example.org", "http://", "http://:80", "http://a:0", "http://a:65536",
          "http://a:x", "http://u:p@a/", "http://a/#b", "http://a/ b", "http://a/\xc3\xa9", ""})
        EXPECT_TRUE(error_of(url).starts_with("the webhook's URL ")) << url;
    EXPECT_EQ(error_of("https://a:443/"), "");
}

TEST(WebhookSecret, is_base64_of_enough_bytes) {
    const auto key = server::parse_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(key->size(), 24u);
    EXPECT_EQ(server::parse_webhook_secret("whsec_" + std::string(86, 'A') + "==")->size(), 64u);
    EXPECT_EQ(server::parse_webhook_secret("whsec_" + std::string(39, 'A') + "=")->size(), 29u);
    for (const auto& text :
         {std::string{}, std::string{"secret"}, "whsec_" + std::string(28, 'A'),
          "whsec_" + std::string(92, 'A'), "whsec_" + std::string(33, 'A'),
          "whsec_" + std::string(36, '!'), std::string{"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}})
        EXPECT_FALSE(server::parse_webhook_secret(text).has_value()) << text;
}

std::string header(const server::WebhookMessage& message, std::string_view name) {
    for (const auto& [known, value] : message.headers)
        if (known == name) return value;
    return "";
}

TEST(WebhookMessage, is_signed_as_the_specification_says) {
    const auto key = server::parse_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    const notification::NotificationRequested what{"market-reserved-17", "user-1", "reservation-17",
                                                   "reserved",           "예약",   "Reserved"};
    const auto message = server::webhook_message(what, *key, now);
    EXPECT_EQ(message.body,
              "{\"type\":\"reserved\",\"data\":{\"id\":\"market-reserved-17\",\"recipient\":"
              "\"user-1\",\"subject\":\"reservation-17\",\"kind\":\"reserved\",\"textKo\":\"예약\","
              "\"textEn\":\"Reserved\"}}");
    EXPECT_EQ(header(message, "webhook-id"), "market-reserved-17");
    EXPECT_EQ(header(message, "Idempotency-Key"), "market-reserved-17");
    EXPECT_EQ(header(message, "webhook-timestamp"), "1674087231");
    EXPECT_EQ(header(message, "webhook-signature"),
              "v1,nKLI5piQ0Kv3AZdiUTVrd8vtpaOfYWjQgOcslqjQG2A=");
    const auto later = server::webhook_message(what, *key, now + 60'000);
    EXPECT_EQ(later.body, message.body);
    EXPECT_EQ(header(later, "webhook-id"), header(message, "webhook-id"));
    EXPECT_NE(header(later, "webhook-signature"), header(message, "webhook-signature"));
}

TEST(WebhookOutcome, only_a_success_is_a_delivery) {
    for (const unsigned status : {200u, 201u, 202u, 204u, 299u})
        EXPECT_EQ(server::webhook_outcome(status, "", now).kind, Kind::delivered) << status;
    for (const unsigned status : {400u, 401u, 404u, 409u, 410u, 422u, 451u})
        EXPECT_EQ(server::webhook_outcome(status, "5", now).kind, Kind::rejected) << status;
    for (const unsigned status : {101u, 301u, 302u, 307u, 408u, 425u, 429u, 500u, 502u, 503u, 599u})
        EXPECT_EQ(server::webhook_outcome(status, "", now).kind, Kind::failed) << status;
    EXPECT_EQ(server::webhook_outcome(503, "", now).reason, "http_503");
}

TEST(WebhookOutcome, the_receiver_may_say_when_to_come_back) {
    EXPECT_EQ(server::webhook_outcome(429, "120", now).pause_ms, 120'000);
    EXPECT_EQ(server::webhook_outcome(503, "", now).pause_ms, 0);
    EXPECT_EQ(server::webhook_outcome(503, "soon", now).pause_ms, 0);
    EXPECT_EQ(server::webhook_outcome(503, "-1", now).pause_ms, 0);
    EXPECT_EQ(server::webhook_outcome(503, "99999999999", now).pause_ms, 86'400'000)
        << "a day at most";
    EXPECT_EQ(server::webhook_outcome(503, "Thu, 19 Jan 2023 00:14:51 GMT", now).pause_ms, 59'544);
    EXPECT_EQ(server::webhook_outcome(503, "Thu, 19 Jan 2023 00:13:51 GMT", now).pause_ms, 0);
    EXPECT_EQ(server::webhook_outcome(503, "Thu, 19 aJn 2023 00:14:51 GMT", now).pause_ms, 0);
}

}  // namespace
}  // namespace yeyak::api
