#include "api/http/server.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "api/http/session.h"
#include "api/http/sessions.h"

namespace yeyak::http {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr FramingError too_many{503, "too_many_connections",
                                "the server has as many clients as it takes"};

asio::any_io_executor own_executor(asio::io_context& io, bool several_threads) {
    if (several_threads) return asio::make_strand(io);
    return io.get_executor();
}

}  // namespace

// Accepts connections, on its own executor, and leads the drain.
class Listener : public std::enable_shared_from_this<Listener> {
  public:
    Listener(asio::io_context& io, ServerOptions options, const Router& router)
        : io_(io),
          acceptor_(own_executor(io, options.several_threads)),
          sessions_(
              std::make_shared<Sessions>(std::move(options), router, acceptor_.get_executor())),
          options_(sessions_->options),
          drain_timer_(acceptor_.get_executor()) {}

    std::expected<std::uint16_t, std::string> listen();
    std::uint16_t port() const { return port_; }
    Sessions& sessions() const { return *sessions_; }
    ServerReport report() const;
    void stop();
    void drain(std::chrono::milliseconds deadline, std::function<void(std::size_t)> done);

  private:
    error_code open(const tcp::endpoint& endpoint);
    error_code adopt(int listening_socket);
    static awaitable<void> accept_loop(std::shared_ptr<Listener> self);
    void take(tcp::socket socket);
    Refusal why_not(const std::string& address) const;
    void start_drain(std::chrono::milliseconds deadline);
    void drain_sessions();
    void finish_drain(std::size_t cut);

    asio::io_context& io_;
    tcp::acceptor acceptor_;
    const std::shared_ptr<Sessions> sessions_;
    const ServerOptions& options_;
    asio::steady_timer drain_timer_;
    std::uint16_t port_ = 0;
    std::function<void(std::size_t)> drained_;
};

error_code Listener::open(const tcp::endpoint& endpoint) {
    error_code ec;
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec && options_.reuse_port) {
        const int yes = 1;
        if (setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) != 0)
            ec = error_code{errno, boost::system::system_category()};
    }
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(options_.backlog, ec);
    if (!ec) port_ = acceptor_.local_endpoint(ec).port();
    return ec;
}

error_code Listener::adopt(int listening_socket) {
    tcp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (getsockname(listening_socket, endpoint.data(), &size) != 0)
        return {errno, boost::system::system_category()};
    error_code ec;
    acceptor_.assign(endpoint.protocol(), listening_socket, ec);
    if (!ec) port_ = endpoint.port();
    return ec;
}

std::expected<std::uint16_t, std::string> Listener::listen() {
    error_code ec;
    const auto address = asio::ip::make_address(options_.address, ec);
    if (ec) return std::unexpected(fmt::format("'{}' is not an IP address", options_.address));
    ec = options_.listening_socket ? adopt(*options_.listening_socket)
                                   : open(tcp::endpoint{address, options_.port});
    if (ec) {
        error_code ignored;
        acceptor_.close(ignored);
        return std::unexpected(fmt::format("cannot listen on {} port {}: {}", options_.address,
                                           options_.port, ec.message()));
    }
    auto accepting = accept_loop(shared_from_this());
    asio::co_spawn(acceptor_.get_executor(), std::move(accepting), asio::detached);
    return port_;
}

awaitable<void> Listener::accept_loop(std::shared_ptr<Listener> self) {
    asio::steady_timer pause{self->acceptor_.get_executor()};
    while (self->acceptor_.is_open()) {
        tcp::socket socket{own_executor(self->io_, self->options_.several_threads)};
        error_code ec;
        co_await self->acceptor_.async_accept(socket,
                                              asio::redirect_error(asio::use_awaitable, ec));
        if (!ec) {
            self->take(std::move(socket));
            continue;
        }
        if (ec == asio::error::operation_aborted || ec == asio::error::connection_aborted) continue;
        // Out of descriptors, most likely: the waiting client stays in the backlog meanwhile.
        pause.expires_after(std::chrono::milliseconds{50});
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
}

Refusal Listener::why_not(const std::string& address) const {
    if (sessions_->count() >= options_.max_connections + sessions_->turned_away) return too_many;
    // Of a trusted proxy its clients are counted, each with his request.
    if (!options_.proxies.trusted.contains(address) &&
        sessions_->count_of(address) >= options_.max_connections_of_one)
        return too_many_of_one;
    return std::nullopt;
}

void Listener::take(tcp::socket socket) {
    auto connection = std::make_shared<Connection>(std::move(socket), options_.write_deadline);
    Holding holding{sessions_->budget->open(connection->peer()),
                    options_.tls ? tls_connection_bytes : connection_bytes};
    Refusal refusal = why_not(connection->peer());
    if (!refusal && !holding.begin()) refusal = no_memory;
    if (refusal) ++sessions_->refused;
    if (refusal && sessions_->turned_away >= options_.max_turned_away) return;
    if (options_.tls) connection->begin_tls(*options_.tls);
    const auto session =
        std::make_shared<Session>(std::move(connection), sessions_, std::move(holding), refusal);
    session->start();
}

ServerReport Listener::report() const {
    ServerReport report;
    report.connections = sessions_->count();
    report.turned_away = sessions_->turned_away;
    report.most = options_.max_connections;
    report.most_of_one = options_.max_connections_of_one;
    report.refused = sessions_->refused;
    report.failed_handshakes = sessions_->failed_handshakes;
    if (options_.tls) report.certificate = options_.tls->validity();
    report.waiting_for_turn = sessions_->turns->waiting();
    report.memory = sessions_->budget->report();
    return report;
}

void Listener::stop() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
        error_code ignored;
        self->acceptor_.close(ignored);
    });
}

void Listener::drain(std::chrono::milliseconds deadline, std::function<void(std::size_t)> done) {
    asio::post(acceptor_.get_executor(),
               [self = shared_from_this(), deadline, done = std::move(done)]() mutable {
                   self->drained_ = std::move(done);
                   self->start_drain(deadline);
               });
}

void Listener::start_drain(std::chrono::milliseconds deadline) {
    sessions_->draining = true;
    error_code ignored;
    acceptor_.close(ignored);
    drain_timer_.expires_after(deadline);
    drain_timer_.async_wait([self = shared_from_this()](error_code ec) {
        if (ec) return;
        const auto left = self->sessions_->all();
        for (const auto& session : left) session->cut();
        self->finish_drain(left.size());
    });
    // A connection that was taken just now is on its way to take(): it is served, too.
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] { self->drain_sessions(); });
}

void Listener::drain_sessions() {
    for (const auto& session : sessions_->all()) session->drain();
    sessions_->when_empty([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        asio::post(self->acceptor_.get_executor(), [self] { self->finish_drain(0); });
    });
}

void Listener::finish_drain(std::size_t cut) {
    drain_timer_.cancel();
    if (const auto done = std::exchange(drained_, nullptr)) done(cut);
}

Server::Server(asio::io_context& io, ServerOptions options, const Router& router)
    : listener_(std::make_shared<Listener>(io, std::move(options), router)) {}

Server::~Server() { listener_->stop(); }

std::expected<std::uint16_t, std::string> Server::listen() { return listener_->listen(); }

std::uint16_t Server::port() const { return listener_->port(); }

std::size_t Server::active() const { return listener_->sessions().count(); }

ServerReport Server::report() const { return listener_->report(); }

bool Server::draining() const { return listener_->sessions().draining; }

void Server::drain(std::chrono::milliseconds deadline, std::function<void(std::size_t)> done) {
    listener_->drain(deadline, std::move(done));
}

}  // namespace yeyak::http
