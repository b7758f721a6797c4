#include "api/routes/metrics.h"

#include <array>

#include "api/routes/common.h"
#include "api/routes/schema.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using server::Families;

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>{time}.count();
}

void add_connections(Families& to, const http::ServerReport& at) {
    to.gauge("yeyak_http_connections", "Connections that are open.")
        .set(at.connections - at.turned_away);
    to.gauge("yeyak_http_connections_limit", "So many may be open.").set(at.most);
    to.counter("yeyak_http_connections_refused_total", "Connections that were turned away.")
        .set(at.refused);
    to.gauge("yeyak_http_waiting_for_turn", "Requests and pieces of streams that wait for a turn.")
        .set(at.waiting_for_turn);
    to.gauge("yeyak_http_memory_bytes", "What all connections hold together.").set(at.memory.used);
    to.gauge("yeyak_http_memory_limit_bytes", "What they may hold.").set(at.memory.limit);
    to.gauge("yeyak_http_memory_peak_bytes", "The most they ever held.").set(at.memory.peak);
    to.counter("yeyak_http_memory_refused_total", "How often something was refused for it.")
        .set(at.memory.refused);
}

void add_tls(Families& to, const http::ServerReport& at) {
    if (!at.certificate) return;
    to.gauge("yeyak_tls_certificate_end_seconds",
             "When the certificate ends, or one that is sent with it, in seconds since 1970.")
        .set(at.certificate->ends.time_since_epoch().count());
    to.counter("yeyak_tls_handshakes_failed_total",
               "Handshakes that clients did not end, or that were refused.")
        .set(at.failed_handshakes);
}

void add_feeds(Families& to, const http::Places::Report& at) {
    to.gauge("yeyak_feeds", "Followers of the live feed.").set(at.taken);
    to.gauge("yeyak_feeds_limit", "So many may follow it.").set(at.limit);
    to.counter("yeyak_feeds_refused_total", "Followers that found no place.").set(at.refused);
    to.counter("yeyak_feeds_cut_total", "Followers that did not read and lost their place.")
        .set(at.taken_away);
}

void add_handlers(Families& to, const LoopWatch& loop) {
    const auto report = loop.report();
    std::array<double, std::tuple_size_v<decltype(report.by_ms)> - 1> bounds{};
    for (std::size_t i = 0; i < bounds.size(); ++i) bounds[i] = static_cast<double>(1 << i) / 1e3;
    to.histogram("yeyak_handler_duration_seconds",
                 "What ran on the thread that serves all connections.")
        .observe({}, bounds, report.by_ms, seconds(report.busy));
    to.counter("yeyak_slow_handlers_total", "Handlers that held up everybody else for too long.")
        .set(report.slow);
    to.gauge("yeyak_longest_handler_seconds", "The longest of them.").set(seconds(report.longest));
}

http::RouteDoc doc() {
    http::RouteDoc made;
    made.tag = "operation";
    made.summary = "All figures of the server, for Prometheus";
    made.description =
        "In the text exposition format 0.0.4. No figure names a person: labels are words of the "
        "program and of its configuration.";
    made.produces = {"text/plain"};
    made.responses = {{200, "as it is now", "text/plain", schema::text, ""}};
    return made;
}

awaitable<http::Response> answer(server::Metrics& metrics, LoadSources sources) {
    auto families = co_await metrics.collect();
    const auto report = sources.server();
    add_connections(families, report);
    add_tls(families, report);
    add_feeds(families, sources.feeds->report());
    add_handlers(families, sources.loop);
    http::Response response;
    response.content_type = server::exposition_type;
    response.body = families.text();
    co_return response;
}

}  // namespace

void add_metrics_route(http::Router& router, server::Metrics& metrics, LoadSources sources) {
    router.add({http::Method::get, "/actuator/prometheus",
                [&metrics, sources](http::Request&) { return answer(metrics, sources); }, doc()});
}

}  // namespace yeyak::api
