// One connection to the server, kept alive from request to request and opened again when it is
// lost. Every request brings the token that YEYAK_TOKEN holds, when there is one. One coroutine at
// a time. With https:// the server must show a certificate for its name that the system trusts, or
// one of the file that SSL_CERT_FILE names, instead.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "replay-tools/remote/answer.h"

namespace yeyak::remote {

struct Address {
    std::string host;
    std::string port;
    bool secure = false;  // https

    std::string url() const;
};
// "http://127.0.0.1:8080" or "https://shop.example", or what is wrong with it.
std::expected<Address, std::string> parse_address(std::string_view url);

struct ClientRequest {
    std::string method;
    std::string path;
    std::string body;        // JSON; empty for none
    std::string key;         // Idempotency-Key; empty for none
    std::string actor = {};  // X-Actor: who asks; empty: the server's default
    // Takes a good answer piece by piece instead of Answer::body, so that it may be of any length;
    // false breaks it off.
    std::function<bool(std::string_view piece)> on_piece = {};
    std::chrono::seconds limit{30};  // for the whole answer, or with on_piece for each piece
};

class Client {
  public:
    Client(boost::asio::any_io_executor executor, Address address);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Never throws: what went wrong is in the answer.
    boost::asio::awaitable<Answer> send(const ClientRequest& request);

  private:
    struct Connection;

    boost::asio::awaitable<void> connect(Answer& answer);
    template <class Stream>
    boost::asio::awaitable<void> exchange(Stream& stream, const ClientRequest& request,
                                          Answer& answer);

    boost::asio::any_io_executor executor_;
    const Address address_;
    const std::string token_;  // empty: none
    std::unique_ptr<Connection> connection_;
};

}  // namespace yeyak::remote
