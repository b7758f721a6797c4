// The channel that hands notifications to another program over HTTP or HTTPS: one connection for
// each delivery, one time limit for all of it. Certificates are checked against those that the
// system trusts. I/O context only.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>

#include "kernel/edge/clock.h"
#include "server/notification/webhook_message.h"

namespace yeyak::server {

struct WebhookOptions {
    std::string url;
    std::filesystem::path secret_file;
    std::int64_t timeout_ms = 5'000;
};

class WebhookNotifier final : public Notifier {
  public:
    // The error says what to mend.
    static std::expected<std::unique_ptr<WebhookNotifier>, std::string> open(
        boost::asio::io_context& io, const Clock& clock, const WebhookOptions& options);

    void deliver(const notification::Deliver& what, Answer answer) override;

  private:
    WebhookNotifier(boost::asio::io_context& io, const Clock& clock, WebhookUrl url,
                    std::string secret, std::int64_t timeout_ms);
    boost::asio::awaitable<NotifierAnswer> post(WebhookMessage message);

    boost::asio::io_context& io_;
    const Clock& clock_;
    WebhookUrl url_;
    std::string secret_;
    std::int64_t timeout_ms_;
    boost::asio::ssl::context tls_;
};

}  // namespace yeyak::server
