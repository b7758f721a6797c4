#include "server/auth/fetch.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <string_view>

namespace yeyak::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Request = beast::http::request<beast::http::empty_body>;
using Fetched = std::expected<std::string, std::string>;

constexpr auto outcome = asio::as_tuple(asio::use_awaitable);

struct Place {
    bool tls = false;
    std::string host;
    std::string port;
    std::string authority;  // as the Host field says it
    std::string target;
};

std::expected<Place, std::string> place_of(std::string_view url) {
    Place place;
    place.tls = url.starts_with("https://");
    if (!place.tls && !url.starts_with("http://"))
        return std::unexpected("is neither https:// nor http://");
    url.remove_prefix(place.tls ? 8 : 7);
    const auto path = std::min(url.find_first_of("/?#"), url.size());
    const auto authority = url.substr(0, path);
    place.authority = authority;
    place.target = path < url.size() ? url.substr(path) : "/";
    const auto colon = authority.rfind(':');
    const bool has_port = colon != authority.npos && !authority.ends_with(']');
    auto host = authority.substr(0, has_port ? colon : authority.size());
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    place.host = host;
    place.port = has_port ? authority.substr(colon + 1) : place.tls ? "443" : "80";
    if (place.host.empty() || place.port.empty() || !place.target.starts_with('/'))
        return std::unexpected("is no address");
    return place;
}

std::unexpected<std::string> failed(std::string_view step, const beast::error_code& error) {
    return std::unexpected(fmt::format("{}: {}", step, error.message()));
}

template <class Stream>
asio::awaitable<Fetched> exchange(Stream& stream, const Request& request, std::size_t most) {
    const auto [not_sent, sent] = co_await beast::http::async_write(stream, request, outcome);
    if (not_sent) co_return failed("cannot send", not_sent);
    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(most);
    const auto [not_read, read] = co_await beast::http::async_read(stream, buffer, parser, outcome);
    if (not_read) co_return failed("no answer", not_read);
    const auto& answer = parser.get();
    if (answer.result_int() != 200)
        co_return std::unexpected(fmt::format("answered with status {}", answer.result_int()));
    co_return answer.body();
}

asio::awaitable<Fetched> get(asio::io_context& io, asio::ssl::context& tls, Place place,
                             FetchLimits limits) {
    asio::ip::tcp::resolver resolver{io};
    const auto [unknown, endpoints] =
        co_await resolver.async_resolve(place.host, place.port, outcome);
    if (unknown) co_return failed("cannot be found", unknown);
    beast::ssl_stream<beast::tcp_stream> stream{io, tls};
    auto& plain = stream.next_layer();
    plain.expires_after(limits.time);
    const auto [refused, endpoint] = co_await plain.async_connect(endpoints, outcome);
    if (refused) co_return failed("cannot be reached", refused);
    Request request{beast::http::verb::get, place.target, 11};
    request.set(beast::http::field::host, place.authority);
    request.set(beast::http::field::accept, "application/json");
    request.set(beast::http::field::user_agent, "yeyak/" YEYAK_VERSION);
    request.set(beast::http::field::connection, "close");
    if (!place.tls) {
        auto fetched = co_await exchange(plain, request, limits.bytes);
        co_return fetched;
    }
    SSL_set_tlsext_host_name(stream.native_handle(), place.host.c_str());
    stream.set_verify_callback(asio::ssl::host_name_verification(place.host));
    const auto [untrusted] =
        co_await stream.async_handshake(asio::ssl::stream_base::client, outcome);
    if (untrusted) co_return failed("is not trusted", untrusted);
    auto fetched = co_await exchange(stream, request, limits.bytes);
    co_return fetched;
}

}  // namespace

std::expected<std::string, std::string> fetch(const std::string& url, const FetchLimits& limits) {
    const auto say = [&](std::string_view what) {
        return std::unexpected(fmt::format("{} {}", url, what));
    };
    auto place = place_of(url);
    if (!place) return say(place.error());
    asio::ssl::context tls{asio::ssl::context::tls_client};
    tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    tls.set_verify_mode(asio::ssl::verify_peer);
    tls.set_default_verify_paths();
    asio::io_context io;
    Fetched fetched = std::unexpected(std::string{"took too long"});
    asio::co_spawn(io, get(io, tls, *std::move(place), limits),
                   [&](const std::exception_ptr& thrown, Fetched made) {
                       fetched = thrown ? std::unexpected(std::string{"failed"}) : std::move(made);
                   });
    // Names that are looked up have no limit of their own.
    io.run_for(limits.time);
    if (!fetched) return say(fetched.error());
    return fetched;
}

}  // namespace yeyak::server
