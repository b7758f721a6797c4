// What the server listens on and speaks there: a port of its own or a socket that it was given,
// with TLS or without. And what is done about it while it runs: the files of TLS are read again on
// SIGHUP, and the service manager is told how the program fares.
//
// Threads: that of the I/O context.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "api/http/tls.h"
#include "program/service_manager.h"
#include "server/config/config.h"

namespace yeyak::program {

struct Listening {
    std::optional<int> socket;       // not set: a port is opened
    std::shared_ptr<http::Tls> tls;  // null: plain HTTP
};

// A socket that was given takes the place of `listen` and `port`: these say afterwards where it
// listens. The error is a sentence about what is set wrong.
std::expected<Listening, std::string> prepare_to_listen(server::ServeConfig& config);

// Logs a certificate that clients do not accept any more, or not yet.
void warn_of_validity(const http::Tls& tls);

// For ever: reads again what is read again, on every signal. `tls` may be null.
boost::asio::awaitable<void> read_again_on(boost::asio::signal_set& signals,
                                           const ServiceManager& manager,
                                           std::shared_ptr<http::Tls> tls);

// For ever: says that the loop of the I/O context goes on, twice in the manager's patience.
boost::asio::awaitable<void> tell_alive(const ServiceManager& manager);

}  // namespace yeyak::program
