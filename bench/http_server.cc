#include "bench/http_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <csignal>
#include <optional>
#include <string>
#include <utility>

namespace yeyak::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

class Session final : public Connection, public std::enable_shared_from_this<Session> {
  public:
    Session(tcp::socket socket, const Handler& handler)
        : socket_(std::move(socket)), handler_(handler) {}

    void read() {
        parser_.emplace();
        http::async_read(socket_, buffer_, *parser_,
                         [self = shared_from_this()](ErrorCode error, std::size_t) {
                             if (!error) self->handle();
                         });
    }

    void answer(std::string_view response) override {
        response_.assign(response);
        asio::async_write(socket_, asio::buffer(response_),
                          [self = shared_from_this()](ErrorCode error, std::size_t) {
                              if (!error) self->read();
                          });
    }

  private:
    void handle() {
        const auto& message = parser_->get();
        const auto target = message.target();
        const auto expected = message["Expected-Version"];
        handler_(shared_from_this(), Request{.is_post = message.method() == http::verb::post,
                                             .target = {target.data(), target.size()},
                                             .expected_version = {expected.data(), expected.size()},
                                             .body = message.body()});
    }

    tcp::socket socket_;
    const Handler& handler_;
    boost::beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::string response_;
};

}  // namespace

struct HttpServer::Parts {
    Parts(std::uint16_t port, Handler h)
        : handler(std::move(h)),
          acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), port)),
          signals(context, SIGTERM, SIGINT) {}

    void accept() {
        acceptor.async_accept([this](ErrorCode error, tcp::socket socket) {
            if (error) return;
            socket.set_option(tcp::no_delay(true));
            std::make_shared<Session>(std::move(socket), handler)->read();
            accept();
        });
    }

    Handler handler;
    asio::io_context context{1};
    tcp::acceptor acceptor;
    asio::signal_set signals;
};

HttpServer::HttpServer(std::uint16_t port, Handler handler)
    : parts_(std::make_unique<Parts>(port, std::move(handler))) {}

HttpServer::~HttpServer() = default;

void HttpServer::run() {
    parts_->accept();
    parts_->signals.async_wait([this](ErrorCode, int) { parts_->context.stop(); });
    parts_->context.run();
}

void HttpServer::post(std::move_only_function<void()> work) {
    asio::post(parts_->context, std::move(work));
}

}  // namespace yeyak::bench
