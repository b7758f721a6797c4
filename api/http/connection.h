// One socket with one deadline: what a session reads from and writes to.
//
// The deadline is a point in time that is moved for free; the timer behind it is only touched when
// it must ring earlier than it would, so that a request costs no timer. When the deadline passes,
// the operation under way is cancelled but the socket stays open, to say 408 on it.
//
// With TLS everything goes through its stream, after the handshake; the deadlines, and what the
// functions promise, are the same.
//
// Everything here runs on the connection's executor. Errors end in `false` or an error code.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/tls_stream.h"
#include "api/http/turns.h"

namespace yeyak::http {

class Tls;

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    // A plain connection, until begin_tls().
    Connection(boost::asio::ip::tcp::socket socket, std::chrono::milliseconds write_deadline);

    void begin_tls(Tls& tls);
    bool has_tls() const { return tls_ != nullptr; }

    auto executor() { return socket_.get_executor(); }
    const std::string& peer() const { return peer_; }

    void set_deadline(std::chrono::milliseconds from_now);
    void shorten_deadline(std::chrono::milliseconds from_now);  // never makes it later
    void clear_deadline();
    bool timed_out() const { return timed_out_; }

    enum class Handshake {
        done,
        plain,   // the client sends HTTP without TLS; the connection is a plain one now
        unused,  // the client left before it sent anything
        failed,  // tls_failure() says why
    };
    // To be awaited once, before anything is read or written. Each step takes a turn.
    boost::asio::awaitable<Handshake> handshake(Turns& turns);
    // As TlsStream::client(); empty before the handshake.
    const std::string& client_certificate() const { return client_certificate_; }
    std::string_view tls_failure() const;

    boost::asio::awaitable<std::size_t> read(char* to, std::size_t size,
                                             boost::system::error_code& ec);
    // What has arrived by now; 0 when there is nothing.
    std::size_t read_arrived(char* to, std::size_t size);

    // Whether there is something that was sent and not read: a socket closed on it would take from
    // the client what it was sent last.
    bool has_unread();

    // Whether the other side has closed its end. Whoever sends nothing more waits for nothing more:
    // a client that closes one direction alone and goes on reading is taken for gone, too.
    bool gone();

    // Sends what the socket takes at once and removes it from `bytes`; false when the client has
    // gone. Most answers end here, without waiting for anything.
    bool write_some(std::string_view& bytes);
    // Sends everything within the write deadline.
    boost::asio::awaitable<bool> write(std::string_view bytes);

    // Says that nothing more will be sent, then reads and forgets what still comes, for so long
    // at most: a socket closed on unread bytes would take the last answer from the client.
    boost::asio::awaitable<void> linger(std::chrono::milliseconds at_most);

    void cancel();  // ends the operation under way
    void close();   // at once, whatever is under way

  private:
    using Clock = boost::asio::steady_timer::clock_type;

    void arm_timer();
    void ring();
    std::optional<char> first_byte();  // that has arrived; it can be read again
    boost::asio::awaitable<std::size_t> read_tls(char* to, std::size_t size,
                                                 boost::system::error_code& ec);
    bool write_some_tls(std::string_view& bytes);
    boost::asio::awaitable<void> wait_for(TlsStream::Step step, boost::system::error_code& ec);
    boost::asio::awaitable<void> write_rest(std::string_view bytes, boost::system::error_code& ec);

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    const std::chrono::milliseconds write_deadline_;
    std::string peer_;
    std::unique_ptr<TlsStream> tls_;
    TlsStream::Step write_waits_for_ = TlsStream::Step::done;
    std::string client_certificate_;
    Clock::time_point deadline_ = Clock::time_point::max();
    Clock::time_point rings_at_ = Clock::time_point::max();  // max: the timer is not set
    bool timed_out_ = false;
};

}  // namespace yeyak::http
