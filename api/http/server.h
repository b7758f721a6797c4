// The server: listens, runs one coroutine per connection, and drains.
//
// Threads: a connection lives on its own executor. With `several_threads` false (the default) one
// thread runs the io_context; with it true any number may. A process with several io_contexts
// makes one Server for each, all with `reuse_port`. drain(), active() and port() may be called
// from any thread.
//
// Errors: listen() says what went wrong; afterwards a failed connection ends only itself. The
// router must outlive the io_context's last run, the Server need not outlive its connections.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/budget.h"
#include "api/http/http.h"
#include "api/http/proxies.h"
#include "api/http/rates.h"
#include "api/http/router.h"
#include "api/http/tls.h"

namespace yeyak::http {

// What the access hook learns of one request; the views live as long as the call.
struct AccessRecord {
    std::string_view method;   // empty when the request could not be read
    std::string_view target;   // as sent
    std::string_view pattern;  // of the route; empty when none matched
    int status = 0;
    std::chrono::nanoseconds duration{0};  // from the complete request to the answer handed over
    std::size_t bytes_in = 0;              // of the body
    std::size_t bytes_out = 0;             // of the answer, head and body
    std::string_view correlation_id;
    std::string_view peer;
    std::string_view error_code;  // of a request that was refused
    bool streamed = false;        // `duration` is how long the client stayed
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
    int backlog = 1024;
    bool reuse_port = false;
    bool several_threads = false;
    // A TCP socket that listens already, instead of address and port: it is the Server's from now
    // on. Who else holds it keeps those who wait in it when the Server has ended.
    std::optional<int> listening_socket;
    std::shared_ptr<Tls> tls;  // null: plain HTTP

    std::size_t max_connections = 10'000;
    // Of one address: connections to the server, and clients of trusted proxies, each of whom has
    // the connection over which his request comes. The connections of such a proxy are not limited.
    std::size_t max_connections_of_one = 1'000;
    RateOptions rates;  // needs monotonic_clock
    ProxyOptions proxies;
    // Of pages of other sites that may use this server from a browser; see cors.h.
    std::vector<std::string> origins;
    // Clients told 503 keep a socket for a moment; beyond so many of them, more are closed
    // unanswered.
    std::size_t max_turned_away = 256;
    // What all connections together may hold; see budget.h.
    std::size_t memory_bytes = 256 * 1024 * 1024;
    std::size_t max_head_bytes = 8 * 1024;
    std::size_t max_fields = 64;
    std::size_t max_body_bytes = 1024 * 1024;
    std::chrono::milliseconds head_deadline{10'000};
    std::chrono::milliseconds body_deadline{30'000};
    std::chrono::milliseconds write_deadline{30'000};
    std::chrono::milliseconds idle_deadline{60'000};
    // How long a refused client may go on sending before it is cut, so that it can read why.
    std::chrono::milliseconds linger{1'000};
    // A drain waits so long for the next request of a connection without one: it may be on its way.
    std::chrono::milliseconds drain_grace{300};
    std::chrono::seconds retry_after{1};  // told to clients turned away

    // Wall clock for the Date header; none is sent without it.
    std::function<std::chrono::system_clock::time_point()> wall_clock;
    // Monotonic clock for AccessRecord::duration; durations are zero without it.
    std::function<std::chrono::nanoseconds()> monotonic_clock;
    // Makes the correlation id of a request that brings none; without it they are counted.
    std::function<std::string()> make_correlation_id;

    // Both see every request and every answer, also what the server itself answers to a request
    // that it could read. `refuse` gives an answer instead of the handler's; `last_pass` may change
    // the body of an answer, or a piece of a streamed one, before it is sent; true when what it put
    // there is for this reader alone, and is not to be compressed beside anything else.
    std::function<std::optional<Response>(const Request&)> refuse;
    std::function<bool(const Request&, std::string_view content_type, std::string& body)> last_pass;
    // Asked before the handler: who sends it, and whether he may. `route` is the one that was
    // found, also when it does not take this request, or null. Sets Request::caller, or gives the
    // answer that refuses. Without it everybody may do everything.
    std::function<boost::asio::awaitable<std::optional<Response>>(Request&, const Route* route)>
        admit;

    // Hooks run on the connection's executor and must not throw.
    std::function<void(std::string_view reason)> on_failed_handshake;
    std::function<void(const AccessRecord&)> on_access;
    Router::ErrorCallback on_handler_error;
};

struct ServerReport {
    std::size_t connections = 0;  // open now, those being turned away included
    std::size_t turned_away = 0;  // of them
    std::size_t most = 0;         // limits
    std::size_t most_of_one = 0;
    std::uint64_t refused = 0;            // connections since the start, for whatever reason
    std::uint64_t failed_handshakes = 0;  // since the start
    std::optional<Tls::Validity> certificate = {};  // with TLS only
    std::size_t waiting_for_turn = 0;
    Budget::Report memory;
};

class Listener;

class Server {
  public:
    Server(boost::asio::io_context& io, ServerOptions options, const Router& router);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Starts to listen; gives the port bound, or the reason why it could not be.
    std::expected<std::uint16_t, std::string> listen();
    std::uint16_t port() const;

    // Connections open now, those being turned away included.
    std::size_t active() const;

    ServerReport report() const;  // from any thread

    // Stops to accept, tells streams, lets running requests finish and closes connections that have
    // none and get none within the grace; each answer says that its connection closes. What is left
    // at the deadline is cut. Then calls back, once, with the number of connections cut.
    void drain(std::chrono::milliseconds deadline, std::function<void(std::size_t cut)> done);
    bool draining() const;

  private:
    std::shared_ptr<Listener> listener_;
};

}  // namespace yeyak::http
