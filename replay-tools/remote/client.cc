#include "replay-tools/remote/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>

namespace yeyak::remote {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::chrono::seconds connect_limit{5};
constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::chrono::seconds longest_retry_after{60};

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

beast::http::request<beast::http::string_body> message(const Address& address,
                                                       const ClientRequest& request) {
    beast::http::request<beast::http::string_body> made;
    made.method_string(request.method);
    made.target(request.path);
    made.version(11);
    made.set(beast::http::field::host, address.host + ":" + address.port);
    made.set(beast::http::field::user_agent, "yeyak/" YEYAK_VERSION);
    made.set(beast::http::field::accept, "*/*");
    if (!request.key.empty()) made.set("Idempotency-Key", request.key);
    if (!request.actor.empty()) made.set("X-Actor", request.actor);
    if (!request.body.empty()) {
        made.set(beast::http::field::content_type, "application/json");
        made.body() = request.body;
    }
    if (!request.body.empty() || request.method == "POST") made.prepare_payload();
    return made;
}

std::chrono::milliseconds seconds_of(std::string_view header) {
    std::int64_t seconds = 0;
    std::from_chars(header.data(), header.data() + header.size(), seconds);
    const auto asked = std::chrono::seconds{std::max<std::int64_t>(seconds, 0)};
    return std::min(asked, longest_retry_after);
}

bool is_good(unsigned status) { return status >= 200 && status < 300; }

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string Address::url() const { return fmt::format("http://{}:{}", host, port); }

std::expected<Address, std::string> parse_address(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme))
        return std::unexpected(fmt::format("{} must begin with http://", url));
    auto rest = url.substr(scheme.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const auto colon = rest.rfind(':');
    Address address{std::string{rest.substr(0, colon)}, "80"};
    if (colon != std::string_view::npos) address.port = rest.substr(colon + 1);
    if (address.host.empty() || address.host.find('/') != std::string::npos ||
        !is_number(address.port))
        return std::unexpected(
            fmt::format("{} must be like http://127.0.0.1:8080, without a path", url));
    return address;
}

struct Client::Connection {
    beast::tcp_stream stream;
    beast::flat_buffer buffer;
};

Client::Client(asio::any_io_executor executor, Address address)
    : executor_(std::move(executor)), address_(std::move(address)) {}

Client::~Client() = default;

asio::awaitable<Answer> Client::send(const ClientRequest& request) {
    Answer answer;
    if (!connection_) co_await connect(answer);
    if (connection_) co_await exchange(request, answer);
    co_return answer;
}

asio::awaitable<void> Client::connect(Answer& answer) {
    error_code ec;
    asio::ip::tcp::resolver resolver{executor_};
    const auto found = co_await resolver.async_resolve(
        address_.host, address_.port, asio::redirect_error(asio::use_awaitable, ec));
    auto made = std::make_unique<Connection>(beast::tcp_stream{executor_}, beast::flat_buffer{});
    if (!ec) {
        made->stream.expires_after(connect_limit);
        co_await made->stream.async_connect(found, asio::redirect_error(asio::use_awaitable, ec));
    }
    if (!ec) made->stream.socket().set_option(asio::ip::tcp::no_delay{true}, ec);
    if (!ec) {
        connection_ = std::move(made);
    } else {
        answer.unreachable = true;
        answer.error = ec.message();
    }
}

asio::awaitable<void> Client::exchange(const ClientRequest& request, Answer& answer) {
    error_code ec;
    const auto asked = message(address_, request);
    beast::http::response_parser<beast::http::buffer_body> parser;
    parser.body_limit(boost::none);
    auto& stream = connection_->stream;
    stream.expires_after(request.limit);
    co_await beast::http::async_write(stream, asked, asio::redirect_error(asio::use_awaitable, ec));
    if (!ec)
        co_await beast::http::async_read_header(stream, connection_->buffer, parser,
                                                asio::redirect_error(asio::use_awaitable, ec));
    auto& response = parser.get();
    const bool in_pieces = request.on_piece && is_good(response.result_int());
    const auto room = std::make_unique<char[]>(piece_bytes);
    while (!ec && !parser.is_done()) {
        if (in_pieces) stream.expires_after(request.limit);
        response.body().data = room.get();
        response.body().size = piece_bytes;
        co_await beast::http::async_read(stream, connection_->buffer, parser,
                                         asio::redirect_error(asio::use_awaitable, ec));
        if (ec == beast::http::error::need_buffer) ec = {};
        const std::string_view piece{room.get(), piece_bytes - response.body().size};
        if (!in_pieces)
            answer.body += piece;
        else if (!piece.empty() && !request.on_piece(piece))
            ec = asio::error::operation_aborted;
    }
    if (ec) {
        answer.error = ec.message();
        connection_.reset();
        co_return;
    }
    stream.expires_never();
    answer.status = static_cast<int>(response.result_int());
    answer.retry_after = seconds_of(view(response[beast::http::field::retry_after]));
    answer.replayed = view(response["Idempotent-Replayed"]) == "true";
    if (const auto after = view(response["Yeyak-Next-After"]); is_number(after)) {
        std::uint64_t position = 0;
        std::from_chars(after.data(), after.data() + after.size(), position);
        answer.next_after = position;
    }
    if (!response.keep_alive()) connection_.reset();
}

}  // namespace yeyak::remote
