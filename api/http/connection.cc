#include "api/http/connection.h"

#include <netinet/tcp.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace yeyak::http {

namespace asio = boost::asio;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;

namespace {
constexpr int most_unsent = 128 * 1024;
}

Connection::Connection(asio::ip::tcp::socket socket, std::chrono::milliseconds write_deadline)
    : socket_(std::move(socket)), timer_(socket_.get_executor()), write_deadline_(write_deadline) {
    // A socket whose client has gone already fails each of these; the first read will say so.
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    // What a client does not take stays with us, where it counts, and not in the system's buffers.
    setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most_unsent,
               sizeof most_unsent);
    const auto endpoint = socket_.remote_endpoint(ignored);
    if (!ignored) peer_ = endpoint.address().to_string();
}

void Connection::set_deadline(std::chrono::milliseconds from_now) {
    timed_out_ = false;
    deadline_ = Clock::now() + from_now;
    if (deadline_ < rings_at_) arm_timer();
}

void Connection::clear_deadline() { deadline_ = Clock::time_point::max(); }

void Connection::arm_timer() {
    rings_at_ = deadline_;
    timer_.expires_at(rings_at_);
    timer_.async_wait([weak = weak_from_this()](error_code ec) {
        if (ec) return;
        if (const auto self = weak.lock()) self->ring();
    });
}

void Connection::ring() {
    rings_at_ = Clock::time_point::max();
    if (deadline_ == Clock::time_point::max()) return;
    if (Clock::now() < deadline_) return arm_timer();
    deadline_ = Clock::time_point::max();
    timed_out_ = true;
    cancel();
}

void Connection::cancel() {
    error_code ignored;
    socket_.cancel(ignored);
}

void Connection::close() {
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

awaitable<std::size_t> Connection::read(char* to, std::size_t size, error_code& ec) {
    return socket_.async_read_some(asio::buffer(to, size), redirect_error(use_awaitable, ec));
}

bool Connection::write_some(std::string_view& bytes) {
    error_code ec;
    while (!bytes.empty() && !ec)
        bytes.remove_prefix(socket_.write_some(asio::buffer(bytes.data(), bytes.size()), ec));
    return !ec || ec == asio::error::would_block;
}

awaitable<bool> Connection::write(std::string_view bytes) {
    if (!write_some(bytes)) co_return false;
    if (bytes.empty()) co_return true;
    set_deadline(write_deadline_);
    error_code ec;
    co_await asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()),
                               redirect_error(use_awaitable, ec));
    clear_deadline();
    co_return !ec && !timed_out_;
}

awaitable<void> Connection::linger(std::chrono::milliseconds at_most) {
    error_code ec;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
    set_deadline(at_most);
    std::string forgotten(4096, '\0');  // on the heap: coroutine frames are to stay small
    while (!ec && !timed_out_) co_await read(forgotten.data(), forgotten.size(), ec);
}

}  // namespace yeyak::http
