// Makes the channel that the configuration asks for.
#pragma once
#include <boost/asio/io_context.hpp>
#include <expected>
#include <memory>
#include <string>

#include "api/config.h"
#include "api/notification/notifier.h"
#include "api/runtime/clock.h"

namespace yeyak::api {

// The error says which setting to mend.
std::expected<std::unique_ptr<Notifier>, std::string> open_notifier(
    const NotificationConfig& config, boost::asio::io_context& io, const Clock& clock);

}  // namespace yeyak::api
