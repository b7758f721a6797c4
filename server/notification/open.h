// Makes the channel that the configuration asks for.
#pragma once
#include <boost/asio/io_context.hpp>
#include <expected>
#include <memory>
#include <string>

#include "kernel/edge/clock.h"
#include "server/config/config.h"
#include "server/notification/notifier.h"

namespace yeyak::server {

// The error says which setting to mend.
std::expected<std::unique_ptr<Notifier>, std::string> open_notifier(
    const NotificationConfig& config, boost::asio::io_context& io, const Clock& clock);

}  // namespace yeyak::server
