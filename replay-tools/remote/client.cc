#include "replay-tools/remote/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>
#include <cstdlib>

namespace yeyak::remote {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::chrono::seconds connect_limit{5};
constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::chrono::seconds longest_retry_after{60};

// In a flag every process of the machine could read it.
constexpr const char* token_variable = "YEYAK_TOKEN";

std::string token_of_environment() {
    const char* token = std::getenv(token_variable);
    return token ? token : "";
}

// What may stand behind "Bearer" (RFC 6750, 2.1).
bool may_be_token(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view{"-._~+/="}.contains(c);
    });
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

beast::http::request<beast::http::string_body> message(const Address& address,
                                                       const ClientRequest& request,
                                                       const std::string& token) {
    beast::http::request<beast::http::string_body> made;
    made.method_string(request.method);
    made.target(request.path);
    made.version(11);
    made.set(beast::http::field::host, address.host + ":" + address.port);
    made.set(beast::http::field::user_agent, "yeyak/" YEYAK_VERSION);
    made.set(beast::http::field::accept, "*/*");
    if (!token.empty()) made.set(beast::http::field::authorization, "Bearer " + token);
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

// Ends the handshake when the server is who it is called.
template <class Stream>
asio::awaitable<void> trust(Stream& stream, asio::ssl::context& tls, const std::string& host,
                            error_code& ec) {
    tls.set_default_verify_paths(ec);  // SSL_CERT_FILE counts
    if (!ec) stream.set_verify_mode(asio::ssl::verify_peer, ec);
    if (!ec) stream.set_verify_callback(asio::ssl::host_name_verification{host}, ec);
    if (ec) co_return;
    SSL_set_min_proto_version(stream.native_handle(), TLS1_2_VERSION);
    error_code is_name;
    asio::ip::make_address(host, is_name);  // SNI is for names (RFC 6066, section 3)
    if (is_name) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
    co_await stream.async_handshake(asio::ssl::stream_base::client,
                                    asio::redirect_error(asio::use_awaitable, ec));
}

}  // namespace

std::string Address::url() const {
    return fmt::format("{}://{}:{}", secure ? "https" : "http", host, port);
}

std::expected<Address, std::string> parse_address(std::string_view url) {
    constexpr std::string_view plain = "http://";
    constexpr std::string_view secure = "https://";
    Address address;
    address.secure = url.starts_with(secure);
    if (!address.secure && !url.starts_with(plain))
        return std::unexpected(fmt::format("{} must begin with http:// or https://", url));
    auto rest = url.substr(address.secure ? secure.size() : plain.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const auto colon = rest.rfind(':');
    address.host = rest.substr(0, colon);
    address.port = address.secure ? "443" : "80";
    if (colon != std::string_view::npos) address.port = rest.substr(colon + 1);
    if (address.host.empty() || address.host.find('/') != std::string::npos ||
        !is_number(address.port))
        return std::unexpected(
            fmt::format("{} must be like http://127.0.0.1:8080, without a path", url));
    return address;
}

struct Client::Connection {
    explicit Connection(const asio::any_io_executor& executor) : stream(executor, tls) {}

    beast::tcp_stream& plain() { return stream.next_layer(); }

    asio::ssl::context tls{asio::ssl::context::tls_client};
    beast::ssl_stream<beast::tcp_stream> stream;
    beast::flat_buffer buffer;
};

Client::Client(asio::any_io_executor executor, Address address)
    : executor_(std::move(executor)),
      address_(std::move(address)),
      token_(token_of_environment()) {}

Client::~Client() = default;

asio::awaitable<Answer> Client::send(const ClientRequest& request) {
    Answer answer;
    if (!may_be_token(token_)) {
        answer.error = "YEYAK_TOKEN holds a character that no token has";
        co_return answer;
    }
    if (!connection_) co_await connect(answer);
    if (connection_ && address_.secure)
        co_await exchange(connection_->stream, request, answer);
    else if (connection_)
        co_await exchange(connection_->plain(), request, answer);
    co_return answer;
}

asio::awaitable<void> Client::connect(Answer& answer) {
    error_code ec;
    asio::ip::tcp::resolver resolver{executor_};
    const auto found = co_await resolver.async_resolve(
        address_.host, address_.port, asio::redirect_error(asio::use_awaitable, ec));
    auto made = std::make_unique<Connection>(executor_);
    auto& plain = made->plain();
    if (!ec) {
        plain.expires_after(connect_limit);
        co_await plain.async_connect(found, asio::redirect_error(asio::use_awaitable, ec));
    }
    if (!ec) plain.socket().set_option(asio::ip::tcp::no_delay{true}, ec);
    answer.unreachable = static_cast<bool>(ec);
    if (!ec && address_.secure) co_await trust(made->stream, made->tls, address_.host, ec);
    if (ec && !answer.unreachable)
        answer.error = fmt::format(
            "the server is not trusted: {}; SSL_CERT_FILE names a file with "
            "certificates to trust instead of the system's",
            ec.message());
    else if (ec)
        answer.error = ec.message();
    else
        connection_ = std::move(made);
}

template <class Stream>
asio::awaitable<void> Client::exchange(Stream& stream, const ClientRequest& request,
                                       Answer& answer) {
    error_code ec;
    const auto asked = message(address_, request, token_);
    beast::http::response_parser<beast::http::buffer_body> parser;
    parser.body_limit(boost::none);
    auto& plain = connection_->plain();
    plain.expires_after(request.limit);
    co_await beast::http::async_write(stream, asked, asio::redirect_error(asio::use_awaitable, ec));
    if (!ec)
        co_await beast::http::async_read_header(stream, connection_->buffer, parser,
                                                asio::redirect_error(asio::use_awaitable, ec));
    auto& response = parser.get();
    const bool in_pieces = request.on_piece && is_good(response.result_int());
    const auto room = std::make_unique<char[]>(piece_bytes);
    while (!ec && !parser.is_done()) {
        if (in_pieces) plain.expires_after(request.limit);
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
    plain.expires_never();
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
