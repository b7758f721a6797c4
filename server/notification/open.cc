#include "server/notification/open.h"

#include "server/notification/log_notifier.h"
#include "server/notification/webhook.h"

namespace yeyak::server {

std::expected<std::unique_ptr<Notifier>, std::string> open_notifier(
    const NotificationConfig& config, boost::asio::io_context& io, const Clock& clock) {
    if (config.adapter == "log") return std::make_unique<LogNotifier>();
    if (!config.webhook_url || !config.webhook_secret_file)
        return std::unexpected(
            "notification.adapter is webhook: set notification.webhook_url and "
            "notification.webhook_secret_file, too");
    auto webhook = WebhookNotifier::open(
        io, clock, {*config.webhook_url, *config.webhook_secret_file, config.timeout_ms});
    if (!webhook) return std::unexpected(std::move(webhook).error());
    return *std::move(webhook);
}

}  // namespace yeyak::server
