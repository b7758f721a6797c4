#include "api/http/stream.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

namespace yeyak::http {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

awaitable<bool> StreamSession::write(std::string bytes) {
    if (closing()) co_return false;
    if (bytes.empty()) co_return true;  // an empty chunk would end the stream
    if (chunked_) {
        bytes.insert(0, fmt::format("{:x}\r\n", bytes.size()));
        bytes += "\r\n";
    }
    bool sent = holding_.hold(bytes.size());
    if (sent) {
        writing_since_ = std::chrono::steady_clock::now();
        sent = co_await connection_->write(bytes);
        writing_since_.reset();
        holding_.keep(0);
    }
    if (sent) {
        bytes_sent_ += bytes.size();
    } else {
        gone_ = true;
        tell_closing();
    }
    co_return sent;
}

std::chrono::steady_clock::duration StreamSession::standing_still() const {
    if (!writing_since_) return {};
    return std::chrono::steady_clock::now() - *writing_since_;
}

void StreamSession::cut() {
    gone_ = true;
    connection_->cancel();
    tell_closing();
}

void StreamSession::on_closing(std::function<void()> callback) {
    on_closing_ = std::move(callback);
    if (closing()) tell_closing();
}

void StreamSession::tell_closing() {
    if (const auto callback = std::exchange(on_closing_, nullptr)) callback();
}

void StreamSession::start() {
    auto watching = watch(shared_from_this());
    asio::co_spawn(connection_->executor(), std::move(watching), asio::detached);
}

void StreamSession::stop() {
    stopped_ = true;
    on_closing_ = nullptr;
    connection_->cancel();
}

void StreamSession::drain() {
    draining_ = true;
    tell_closing();
}

awaitable<void> StreamSession::watch(std::shared_ptr<StreamSession> self) {
    std::array<char, 512> ignored;
    std::size_t total = 0;
    error_code ec;
    // The connection closes after the stream, so bytes that come now are of no use to anybody.
    while (!ec && !self->stopped_ && total < 64 * 1024)
        total += co_await self->connection_->read(ignored.data(), ignored.size(), ec);
    if (self->stopped_) co_return;
    self->gone_ = true;
    self->tell_closing();
}

awaitable<void> StreamSession::finish() {
    if (gone_ || !chunked_) co_return;
    const bool sent = co_await connection_->write("0\r\n\r\n");
    if (sent) bytes_sent_ += 5;
}

}  // namespace yeyak::http
