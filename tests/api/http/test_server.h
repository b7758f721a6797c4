// A server on a thread of its own and blocking clients, for tests over real sockets.
#pragma once
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/http/server.h"

namespace yeyak::http::testing {

// The routes of the test server: /hello /echo /large /slow /busy /endless /hold /throw /inject
// /who /stream /flood.
Router test_routes();

class TestServer {
  public:
    // Starts with `threads` threads; sets options.several_threads when there are more than one.
    explicit TestServer(ServerOptions options = {}, int threads = 1);
    ~TestServer();
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    Server& server() { return *server_; }
    std::uint16_t port() const { return port_; }
    // Waits until so many connections are open; false after some seconds.
    bool wait_active(std::size_t count);
    // Drains and waits; the number of connections cut, or -1 when it did not end.
    int drain(std::chrono::milliseconds deadline);
    void start_drain(std::chrono::milliseconds deadline);
    int wait_drained();
    // "status pattern error_code" of every request so far.
    std::vector<std::string> access_log();
    std::vector<std::string> errors();

  private:
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    Router router_;
    std::optional<Server> server_;
    std::uint16_t port_ = 0;
    std::vector<std::thread> threads_;
    std::mutex mutex_;
    std::vector<std::string> access_log_;
    std::vector<std::string> errors_;
    std::atomic<int> drained_{-1};
};

class Client {
  public:
    explicit Client(std::uint16_t port, int receive_buffer = 0, const char* from = "127.0.0.1");

    void send(std::string_view bytes);
    void finish_sending();
    // Reads one answer with its body; "closed" when the server closed instead.
    std::string answer(bool head_only = false);
    // Reads until the bytes hold the text.
    bool wait_for(std::string_view text);
    // Reads to the end of the connection.
    std::string rest();
    // True when an answer or the end of the connection arrives within the time.
    bool readable_within(std::chrono::milliseconds time);

  private:
    bool fill();

    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::string buffer_;
};

int status_of(std::string_view answer);
std::string body_of(std::string_view answer);
std::string get(std::string_view target, std::string_view fields = {});
std::string post(std::string_view target, std::string_view body, std::string_view fields = {});

}  // namespace yeyak::http::testing
