// One socket with one deadline: what a session reads from and writes to.
//
// The deadline is a point in time that is moved for free; the timer behind it is only touched when
// it must ring earlier than it would, so that a request costs no timer. When the deadline passes,
// the operation under way is cancelled but the socket stays open, to say 408 on it.
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
#include <string>
#include <string_view>

namespace yeyak::http {

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(boost::asio::ip::tcp::socket socket, std::chrono::milliseconds write_deadline);

    auto executor() { return socket_.get_executor(); }
    const std::string& peer() const { return peer_; }

    void set_deadline(std::chrono::milliseconds from_now);
    void clear_deadline();
    bool timed_out() const { return timed_out_; }

    boost::asio::awaitable<std::size_t> read(char* to, std::size_t size,
                                             boost::system::error_code& ec);

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

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    const std::chrono::milliseconds write_deadline_;
    std::string peer_;
    Clock::time_point deadline_ = Clock::time_point::max();
    Clock::time_point rings_at_ = Clock::time_point::max();  // max: the timer is not set
    bool timed_out_ = false;
};

}  // namespace yeyak::http
