// The server's end of a streamed answer: chunks on HTTP/1.1, bare bytes until close on HTTP/1.0.
// Runs on the executor of its connection.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/connection.h"
#include "api/http/holding.h"
#include "api/http/http.h"
#include "api/http/turns.h"

namespace yeyak::http {

class StreamSession : public StreamWriter, public std::enable_shared_from_this<StreamSession> {
  public:
    // `turns` and `holding` are those of the connection's session, which lives longer.
    StreamSession(std::shared_ptr<Connection> connection, Turns& turns, Holding& holding,
                  bool chunked)
        : connection_(std::move(connection)), turns_(turns), holding_(holding), chunked_(chunked) {}

    boost::asio::awaitable<bool> write(std::string bytes) override;
    boost::asio::awaitable<void> turn() override { return turns_.next(connection_->peer()); }
    bool closing() const override { return gone_ || draining_; }
    void on_closing(std::function<void()> callback) override;
    std::chrono::steady_clock::duration standing_still() const override;
    void cut() override;

    // Watches for the client to go away, until stop().
    void start();
    void stop();
    void drain();  // tells the stream to end
    boost::asio::awaitable<void> finish();
    std::size_t bytes_sent() const { return bytes_sent_; }

  private:
    static boost::asio::awaitable<void> watch(std::shared_ptr<StreamSession> self);
    void tell_closing();

    const std::shared_ptr<Connection> connection_;
    Turns& turns_;
    Holding& holding_;
    const bool chunked_;
    bool gone_ = false;
    bool draining_ = false;
    bool stopped_ = false;
    std::function<void()> on_closing_;
    std::optional<std::chrono::steady_clock::time_point> writing_since_;
    std::size_t bytes_sent_ = 0;
};

}  // namespace yeyak::http
