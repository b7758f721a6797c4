#include "api/routes/load.h"

#include <fmt/format.h>

#include "api/routes/common.h"
#include "api/routes/schema.h"

namespace yeyak::api {
namespace {

std::int64_t ms(std::chrono::nanoseconds time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

std::string handlers_json(const LoopWatch& loop) {
    const auto report = loop.report();
    std::string by_ms;
    for (std::size_t i = 0; i + 1 < report.by_ms.size(); ++i)
        by_ms += fmt::format("\"{}\":{},", 1 << i, report.by_ms[i]);
    by_ms += fmt::format("\"more\":{}", report.by_ms.back());
    return fmt::format(
        "{{\"count\":{},\"slow\":{},\"slowMs\":{},\"longestMs\":{},\"busyMs\":{},\"byMs\":{{{}}}}}",
        report.handlers, report.slow, ms(loop.limit()), ms(report.longest), ms(report.busy), by_ms);
}

std::string server_json(const http::ServerReport& at) {
    return fmt::format(
        "\"connections\":{{\"open\":{},\"limit\":{},\"ofOneAddress\":{},\"turnedAway\":{}}},"
        "\"waitingForTurn\":{},"
        "\"memory\":{{\"bytes\":{},\"limit\":{},\"peak\":{},\"refused\":{}}}",
        at.connections - at.turned_away, at.most, at.most_of_one, at.refused, at.waiting_for_turn,
        at.memory.used, at.memory.limit, at.memory.peak, at.memory.refused);
}

std::string load_schema() {
    const auto handlers = schema::object({{"count", schema::number},
                                          {"slow", schema::number},
                                          {"slowMs", schema::number},
                                          {"longestMs", schema::number},
                                          {"busyMs", schema::number},
                                          {"byMs", schema::by_name(schema::number)}});
    const auto connections = schema::object({{"open", schema::number},
                                             {"limit", schema::number},
                                             {"ofOneAddress", schema::number},
                                             {"turnedAway", schema::number}});
    const auto memory = schema::object({{"bytes", schema::number},
                                        {"limit", schema::number},
                                        {"peak", schema::number},
                                        {"refused", schema::number}});
    return schema::object({{"handlers", handlers},
                           {"connections", connections},
                           {"waitingForTurn", schema::number},
                           {"memory", memory}});
}

http::RouteDoc doc() {
    http::RouteDoc made;
    made.tag = "operation";
    made.summary = "How busy the server is, and what it had to refuse";
    made.description =
        "handlers: what ran on the thread that serves all connections since the start. count, slow "
        "(took slowMs or longer; each is in the log as slow_handler), the longest, all together, "
        "and how many took less than so many milliseconds. connections: those turned away are "
        "counted since the start. memory: what all connections hold together, the most they ever "
        "held, and how often something was refused for it.";
    made.responses = {{200, "as it is now", "application/json", load_schema(), ""}};
    return made;
}

}  // namespace

void add_load_route(http::Router& router, LoadSources sources) {
    router.add({http::Method::get, "/actuator/load", at_once([sources](http::Request&) {
                    return http::json(
                        200, fmt::format("{{\"handlers\":{},{}}}", handlers_json(sources.loop),
                                         server_json(sources.server())));
                }),
                doc()});
}

}  // namespace yeyak::api
