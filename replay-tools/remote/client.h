// One connection to the server, kept alive from request to request and opened again when it is
// lost. One coroutine at a time.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <expected>
#include <memory>
#include <string>

#include "replay-tools/remote/answer.h"

namespace yeyak::remote {

struct Address {
    std::string host;
    std::string port;

    std::string url() const;
};
// "http://127.0.0.1:8080", or what is wrong with it.
std::expected<Address, std::string> parse_address(std::string_view url);

struct Request {
    std::string method;
    std::string path;
    std::string body;  // JSON; empty for none
    std::string key;   // Idempotency-Key; empty for none
};

class Client {
  public:
    Client(boost::asio::any_io_executor executor, Address address);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Never throws: what went wrong is in the answer.
    boost::asio::awaitable<Answer> send(const Request& request);

  private:
    struct Connection;

    boost::asio::awaitable<void> connect(Answer& answer);
    boost::asio::awaitable<void> exchange(const Request& request, Answer& answer);

    boost::asio::any_io_executor executor_;
    const Address address_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace yeyak::remote
