#include "api/http/connection.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "api/http/tls.h"

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

void Connection::begin_tls(Tls& tls) {
    tls_ = tls.accept(socket_.native_handle());
    if (!tls_) close();  // no memory: the first look at the socket says that it is gone
}

std::string_view Connection::tls_failure() const {
    if (timed_out_) return "the handshake took too long";
    return tls_ && !tls_->reason().empty() ? std::string_view{tls_->reason()} : "the client left";
}

void Connection::set_deadline(std::chrono::milliseconds from_now) {
    timed_out_ = false;
    deadline_ = Clock::now() + from_now;
    if (deadline_ < rings_at_) arm_timer();
}

void Connection::shorten_deadline(std::chrono::milliseconds from_now) {
    if (!timed_out_ && Clock::now() + from_now < deadline_) set_deadline(from_now);
}

void Connection::clear_deadline() {
    deadline_ = Clock::time_point::max();
    timed_out_ = false;
}

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
    if (tls_) tls_->say_end();
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
    if (tls_) tls_->forget_socket();
}

std::optional<char> Connection::first_byte() {
    char byte = 0;
    const auto got = recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 1 ? std::optional{byte} : std::nullopt;
}

awaitable<void> Connection::wait_for(TlsStream::Step step, error_code& ec) {
    const auto what = step == TlsStream::Step::wants_write ? asio::ip::tcp::socket::wait_write
                                                           : asio::ip::tcp::socket::wait_read;
    return socket_.async_wait(what, redirect_error(use_awaitable, ec));
}

awaitable<Connection::Handshake> Connection::handshake(Turns& turns) {
    using Step = TlsStream::Step;
    error_code ec;
    co_await wait_for(Step::wants_read, ec);
    if (!ec) {
        const auto first = first_byte();
        if (!first) co_return Handshake::unused;
        // A handshake begins with a record of type 22, a request with a letter.
        if (*first >= 'A' && *first <= 'Z') {
            tls_.reset();
            co_return Handshake::plain;
        }
    }
    while (!ec && !timed_out_) {
        co_await turns.next(peer_);
        if (timed_out_) break;
        const Step step = tls_->handshake();
        if (step == Step::done) {
            client_certificate_ = tls_->client();
            co_return Handshake::done;
        }
        if (step == Step::closed || step == Step::failed) break;
        co_await wait_for(step, ec);
    }
    co_return Handshake::failed;
}

awaitable<std::size_t> Connection::read(char* to, std::size_t size, error_code& ec) {
    if (tls_) return read_tls(to, size, ec);
    return socket_.async_read_some(asio::buffer(to, size), redirect_error(use_awaitable, ec));
}

awaitable<std::size_t> Connection::read_tls(char* to, std::size_t size, error_code& ec) {
    using Step = TlsStream::Step;
    bool waited = false;
    std::size_t got = 0;
    for (;;) {
        const Step step = tls_->read(to, size, got);
        if (step == Step::done) break;
        if (step == Step::closed || step == Step::failed) {
            ec = asio::error::eof;
            co_return 0;
        }
        co_await wait_for(step, ec);
        // The deadline may have passed with nothing left to cancel.
        if (!ec && timed_out_) ec = asio::error::operation_aborted;
        if (ec) co_return 0;
        waited = true;
    }
    // A client that sends faster than we read would never let anybody else go on.
    if (!waited) co_await asio::post(socket_.get_executor(), use_awaitable);
    co_return got;
}

std::size_t Connection::read_arrived(char* to, std::size_t size) {
    std::size_t got = 0;
    if (tls_) return tls_->read(to, size, got) == TlsStream::Step::done ? got : 0;
    error_code ec;
    got = socket_.read_some(asio::buffer(to, size), ec);
    return ec ? 0 : got;
}

bool Connection::has_unread() {
    int unread = 0;
    return ioctl(socket_.native_handle(), FIONREAD, &unread) == 0 && unread > 0;
}

bool Connection::gone() {
    // Not a read: what the client has sent ahead stands before the end, and is not for us yet.
    pollfd socket{socket_.native_handle(), POLLRDHUP, 0};
    return poll(&socket, 1, 0) > 0;
}

bool Connection::write_some(std::string_view& bytes) {
    if (tls_) return write_some_tls(bytes);
    error_code ec;
    while (!bytes.empty() && !ec)
        bytes.remove_prefix(socket_.write_some(asio::buffer(bytes.data(), bytes.size()), ec));
    return !ec || ec == asio::error::would_block;
}

bool Connection::write_some_tls(std::string_view& bytes) {
    using Step = TlsStream::Step;
    write_waits_for_ = Step::done;
    while (!bytes.empty() && write_waits_for_ == Step::done) write_waits_for_ = tls_->write(bytes);
    return write_waits_for_ != Step::closed && write_waits_for_ != Step::failed;
}

awaitable<void> Connection::write_rest(std::string_view bytes, error_code& ec) {
    if (!tls_) {
        co_await asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()),
                                   redirect_error(use_awaitable, ec));
        co_return;
    }
    while (!bytes.empty() && !ec && !timed_out_) {
        co_await wait_for(write_waits_for_, ec);
        if (!ec && !write_some_tls(bytes)) ec = asio::error::connection_reset;
    }
}

awaitable<bool> Connection::write(std::string_view bytes) {
    if (!write_some(bytes)) co_return false;
    if (bytes.empty()) co_return true;
    set_deadline(write_deadline_);
    error_code ec;
    co_await write_rest(bytes, ec);
    const bool sent = !ec && !timed_out_;
    clear_deadline();
    co_return sent;
}

awaitable<void> Connection::linger(std::chrono::milliseconds at_most) {
    error_code ec;
    if (tls_) tls_->say_end();
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
    set_deadline(at_most);
    std::string forgotten(4096, '\0');  // on the heap: coroutine frames are to stay small
    while (!ec && !timed_out_)
        co_await socket_.async_read_some(asio::buffer(forgotten),
                                         redirect_error(use_awaitable, ec));
}

}  // namespace yeyak::http
