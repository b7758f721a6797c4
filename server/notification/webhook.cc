#include "server/notification/webhook.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <fstream>

namespace yeyak::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Request = beast::http::request<beast::http::string_body>;

constexpr auto outcome = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t longest_answer = 64 << 10;
constexpr int most_interim = 16;

// RFC 9110, section 15.2: it comes before the answer. Nobody asked for 101, which ends HTTP.
bool is_interim(unsigned status) { return status >= 100 && status < 200 && status != 101; }

NotifierAnswer failed(std::string_view step, const beast::error_code& error) {
    if (error == beast::error::timeout) return {NotifierAnswer::Kind::failed, "timeout"};
    return {NotifierAnswer::Kind::failed, fmt::format("{}: {}", step, error.message())};
}

// Once the head of the answer is there, the status counts, whatever becomes of the rest.
template <class Stream>
asio::awaitable<NotifierAnswer> exchange(Stream& stream, const Request& request,
                                         const Clock& clock) {
    const auto [not_sent, sent] = co_await beast::http::async_write(stream, request, outcome);
    if (not_sent) co_return failed("send", not_sent);
    beast::flat_buffer buffer;
    for (int interim = 0; interim <= most_interim; ++interim) {
        beast::http::response_parser<beast::http::string_body> parser;
        parser.body_limit(longest_answer);
        const auto [not_read, read] =
            co_await beast::http::async_read(stream, buffer, parser, outcome);
        if (!parser.is_header_done()) co_return failed("answer", not_read);
        const auto& answer = parser.get();
        if (is_interim(answer.result_int())) continue;
        const std::string retry_after{answer[beast::http::field::retry_after]};
        co_return webhook_outcome(answer.result_int(), retry_after, clock.now());
    }
    co_return NotifierAnswer{NotifierAnswer::Kind::failed, "too many interim answers"};
}

std::expected<std::string, std::string> read_secret(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::string text;
    if (!std::getline(file, text))
        return std::unexpected(
            fmt::format("the webhook's secret cannot be read from {}", path.string()));
    auto secret = parse_webhook_secret(text);
    if (!secret) return std::unexpected(fmt::format("{} {}", path.string(), secret.error()));
    return secret;
}

}  // namespace

std::expected<std::unique_ptr<WebhookNotifier>, std::string> WebhookNotifier::open(
    asio::io_context& io, const Clock& clock, const WebhookOptions& options) {
    auto url = parse_webhook_url(options.url);
    if (!url) return std::unexpected(std::move(url).error());
    auto secret = read_secret(options.secret_file);
    if (!secret) return std::unexpected(std::move(secret).error());
    return std::unique_ptr<WebhookNotifier>{
        new WebhookNotifier{io, clock, *std::move(url), *std::move(secret), options.timeout_ms}};
}

WebhookNotifier::WebhookNotifier(asio::io_context& io, const Clock& clock, WebhookUrl url,
                                 std::string secret, std::int64_t timeout_ms)
    : io_(io),
      clock_(clock),
      url_(std::move(url)),
      secret_(std::move(secret)),
      timeout_ms_(timeout_ms),
      tls_(asio::ssl::context::tls_client) {
    tls_.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    tls_.set_verify_mode(asio::ssl::verify_peer);
    tls_.set_default_verify_paths();
}

void WebhookNotifier::deliver(const notification::Deliver& what, Answer answer) {
    auto message = webhook_message(what.notification, secret_, clock_.now());
    asio::co_spawn(
        io_, post(std::move(message)),
        [answer = std::move(answer)](const std::exception_ptr& thrown, NotifierAnswer made) {
            if (thrown) made = {NotifierAnswer::Kind::failed, "internal_error"};
            answer(std::move(made));
        });
}

asio::awaitable<NotifierAnswer> WebhookNotifier::post(WebhookMessage message) {
    asio::ip::tcp::resolver resolver{io_};
    const auto [unknown, endpoints] =
        co_await resolver.async_resolve(url_.host, url_.port, outcome);
    if (unknown) co_return failed("resolve", unknown);
    beast::ssl_stream<beast::tcp_stream> stream{io_, tls_};
    auto& plain = stream.next_layer();
    plain.expires_after(std::chrono::milliseconds{timeout_ms_});
    const auto [refused, endpoint] = co_await plain.async_connect(endpoints, outcome);
    if (refused) co_return failed("connect", refused);
    Request request{beast::http::verb::post, url_.target, 11};
    request.set(beast::http::field::host, url_.authority);
    request.set(beast::http::field::connection, "close");
    for (const auto& [name, value] : message.headers) request.set(name, value);
    request.body() = std::move(message.body);
    request.prepare_payload();
    if (!url_.tls) {
        auto delivery = co_await exchange(plain, request, clock_);
        co_return delivery;
    }
    SSL_set_tlsext_host_name(stream.native_handle(), url_.host.c_str());
    stream.set_verify_callback(asio::ssl::host_name_verification(url_.host));
    const auto [untrusted] =
        co_await stream.async_handshake(asio::ssl::stream_base::client, outcome);
    if (untrusted) co_return failed("tls", untrusted);
    auto delivery = co_await exchange(stream, request, clock_);
    co_return delivery;
}

}  // namespace yeyak::server
