#include "program/listening.h"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "kernel/edge/addresses.h"
#include "kernel/edge/log.h"
#include "kernel/time.h"

namespace yeyak::program {

namespace asio = boost::asio;
using std::unexpected;

namespace {

std::string text_of(http::Tls::Seconds at) {
    return to_text(Instant{std::chrono::milliseconds{at.time_since_epoch()}.count()});
}

std::expected<std::shared_ptr<http::Tls>, std::string> open_tls(const server::TlsConfig& config) {
    if (config.client_required && !config.client_ca)
        return unexpected(
            "tls.client_required needs tls.client_ca, the file with those that sign certificates "
            "of clients");
    if (!config.cert && !config.key) {
        if (!config.client_ca) return nullptr;
        return unexpected("tls.client_ca needs tls.cert and tls.key: there is no TLS without them");
    }
    if (!config.cert || !config.key)
        return unexpected(
            "tls.cert and tls.key belong together: set both, or neither for plain HTTP");
    return http::Tls::load({*config.cert, *config.key, config.client_ca, config.client_required});
}

}  // namespace

std::expected<Listening, std::string> prepare_to_listen(server::ServeConfig& config) {
    Listening listening;
    const auto given = given_socket();
    if (!given) return unexpected(given.error());
    if (*given) {
        // The same as for `listen`.
        if (!config.auth.asks() && !is_loopback((*given)->address))
            return unexpected(fmt::format(
                "the socket that was handed over listens on {}, which must be a loopback address "
                "while auth.mode is open, because there is no login and everybody who reaches the "
                "port may do everything: set auth.mode to jwt, or ListenStream=127.0.0.1:{} in the "
                "socket unit",
                (*given)->address, (*given)->port));
        listening.socket = (*given)->descriptor;
        config.listen = (*given)->address;
        config.port = (*given)->port;
    }
    auto tls = open_tls(config.tls);
    if (!tls) return unexpected(tls.error());
    listening.tls = *std::move(tls);
    return listening;
}

void warn_of_validity(const http::Tls& tls) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto validity = tls.validity();
    if (now >= validity.ends)
        log::warning("certificate_expired", {{"ended", text_of(validity.ends)},
                                             {"mend", "renew tls.cert and tls.key, then SIGHUP"}});
    else if (now < validity.begins)
        log::warning("certificate_not_yet_valid", {{"begins", text_of(validity.begins)}});
}

asio::awaitable<void> read_again_on(asio::signal_set& signals, const ServiceManager& manager,
                                    std::shared_ptr<http::Tls> tls) {
    boost::system::error_code ended;
    while (true) {
        co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        if (ended) co_return;
        manager.reloading();
        const auto read = tls ? tls->reload() : std::expected<void, std::string>{};
        if (!read)
            log::error("certificate_not_read", {{"detail", read.error()}});
        else if (tls)
            log::info("certificate_read", {{"ends", text_of(tls->validity().ends)}});
        if (tls) warn_of_validity(*tls);
        manager.ready();
    }
}

asio::awaitable<void> tell_alive(const ServiceManager& manager) {
    if (!manager.patience()) co_return;
    asio::steady_timer pause{co_await asio::this_coro::executor};
    while (true) {
        manager.alive();
        pause.expires_after(*manager.patience() / 2);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

}  // namespace yeyak::program
