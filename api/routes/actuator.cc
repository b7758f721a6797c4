#include "api/routes/actuator.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>
#include <functional>
#include <memory>

#include "aggregates/engine/contexts.h"
#include "api/routes/body_impl.h"
#include "api/routes/common.h"
#include "api/routes/route_docs.h"
#include "api/routes/schema.h"
#include "kernel/edge/log.h"
#include "kernel/json_schema.h"
#include "server/calls/guards.h"
#include "server/config/config.h"
#include "server/view_progress.h"

namespace yeyak::api {

// What PUT /actuator/contexts/{context} takes: only what is given changes.
struct ContextBody {
    std::optional<ContextState> state;
    std::optional<std::vector<std::int64_t>> delay_ms;
    std::optional<double> fail_rate;
    std::optional<double> lose_rate;
    std::optional<double> decline_rate;
};
BOOST_DESCRIBE_STRUCT(ContextBody, (), (state, delay_ms, fail_rate, lose_rate, decline_rate))

// What PUT /actuator/health/liveness takes.
struct LivenessBody {
    ContextState state;
};
BOOST_DESCRIBE_STRUCT(LivenessBody, (), (state))

namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;

const Body<ContextBody> context_body{
    Reading::strict,
    {field(&ContextBody::delay_ms)
         .from(0, 60'000)
         .items(0, 2)
         .about("[least, most], or [] for none"),
     field(&ContextBody::fail_rate).from(0, 1), field(&ContextBody::lose_rate).from(0, 1),
     field(&ContextBody::decline_rate).from(0, 1)}};

const Body<LivenessBody> liveness_body{Reading::strict, {}};

const std::string up_or_down = schema::one_of({"UP", "DOWN"});

std::string health_schema() {
    const auto view = schema::object({{"status", up_or_down},
                                      {"position", schema::number},
                                      {"lag", schema::number},
                                      {"parked", schema::number}});
    const auto log = schema::object(
        {{"status", up_or_down}, {"details", schema::object({{"position", schema::number}})}});
    const auto views = schema::object({{"status", up_or_down}, {"details", schema::by_name(view)}});
    const auto itself =
        schema::object({{"status", schema::one_of({"UP", "DRAINING", "FORCED_DOWN"})}});
    return schema::object(
        {{"status", up_or_down},
         {"components",
          schema::object({{"eventstore", log}, {"views", views}, {"server", itself}})}});
}

std::string context_schema() {
    const std::string rate = R"({"type":"number","minimum":0,"maximum":1})";
    return schema::object({{"context", schema::text},
                           {"state", json_detail::schema(json_detail::table<ContextState>)},
                           {"delayMs", schema::list(schema::number)},
                           {"failRate", rate},
                           {"loseRate", rate},
                           {"declineRate", rate}});
}

std::string breakers_schema() {
    const auto state = json_detail::schema(json_detail::table<server::BreakerState>);
    const auto transition = schema::object({{"at", schema::time}, {"from", state}, {"to", state}});
    const auto breaker = schema::object({{"context", schema::text},
                                         {"state", state},
                                         {"inFlight", schema::number},
                                         {"succeeded", schema::number},
                                         {"failed", schema::number},
                                         {"timedOut", schema::number},
                                         {"rejected", schema::number},
                                         {"shortCircuited", schema::number},
                                         {"opened", schema::number},
                                         {"transitions", schema::list(transition)}});
    return schema::object({{"circuitbreakers", schema::list(breaker)}});
}

http::RouteDoc doc(std::string summary, std::string answer) {
    http::RouteDoc made;
    made.tag = "operation";
    made.summary = std::move(summary);
    made.responses = {{200, "as it is now", "application/json", std::move(answer), ""}};
    return made;
}

// Of health: what is not well says so in the same shape.
http::RouteDoc health_doc(std::string summary, const std::string& answer) {
    auto made = doc(std::move(summary), answer);
    made.responses.push_back({503, "not well", "application/json", answer, ""});
    return made;
}

std::string_view up(bool is_up) { return is_up ? "UP" : "DOWN"; }

Response health(const server::Reads& reads, const server::Upkeep& upkeep, bool draining,
                bool forced_down) {
    const auto head = reads.log().head();
    std::string views;
    bool views_up = true;
    for (const auto& view : upkeep.progress()) {
        const bool ok = view.failure.empty();
        views_up = views_up && ok;
        views +=
            fmt::format("{}\"{}\":{{\"status\":\"{}\",\"position\":{},\"lag\":{},\"parked\":{}}}",
                        views.empty() ? "" : ",", view.name, up(ok), view.position,
                        head - std::min(head, view.position), view.parked);
    }
    const bool all = !upkeep.failed() && !draining && views_up && !forced_down;
    return http::json(
        all ? 200 : 503,
        fmt::format("{{\"status\":\"{}\",\"components\":{{\"eventstore\":{{\"status\":\"{}\","
                    "\"details\":{{\"position\":{}}}}},\"views\":{{\"status\":\"{}\",\"details\":"
                    "{{{}}}}},\"server\":{{\"status\":\"{}\"}}}}}}",
                    up(all), up(!upkeep.failed()), head, up(views_up), views,
                    draining      ? "DRAINING"
                    : forced_down ? "FORCED_DOWN"
                                  : "UP"));
}

Response probe(bool is_up) {
    return http::json(is_up ? 200 : 503, fmt::format("{{\"status\":\"{}\"}}", up(is_up)));
}

Response put_liveness(const server::Upkeep& upkeep, std::atomic<bool>& condemned,
                      Request& request) {
    const auto body = liveness_body.read(request, upkeep.config().limits);
    if (!body) return body.error();
    const bool down = body->state == ContextState::down;
    condemned = down;
    log::warning("liveness_set", {{"down", down ? 1 : 0}}, request.correlation_id);
    return http::json(200, fmt::format("{{\"status\":\"{}\"}}", up(!down)));
}

double rate(std::int64_t per_mille) { return static_cast<double>(per_mille) / 1000.0; }

std::string describe(std::string_view name, const ContextSetting& setting) {
    return fmt::format(
        "{{\"context\":\"{}\",\"state\":\"{}\",\"delayMs\":[{}],\"failRate\":{},\"loseRate\":{},"
        "\"declineRate\":{}}}",
        name, boost::describe::enum_to_string(setting.state, "?"), fmt::join(setting.delay_ms, ","),
        rate(setting.fail_per_mille), rate(setting.lose_per_mille),
        rate(setting.decline_per_mille));
}

Response contexts(const server::Upkeep& upkeep) {
    std::string list;
    for (const auto& [name, setting] : upkeep.contexts().all())
        list += (list.empty() ? "" : ",") + describe(name, setting);
    return http::json(200, fmt::format("{{\"contexts\":[{}]}}", list));
}

std::optional<Response> apply(const ContextBody& body, ContextSetting& setting) {
    if (body.state) setting.state = *body.state;
    if (body.delay_ms) {
        const auto& range = *body.delay_ms;
        const bool fits = range.empty() || (range.size() == 2 && range[0] <= range[1]);
        if (!fits)
            return problem(422, "invalid_value",
                           "delayMs must be [least, most] in milliseconds, or []", "delayMs");
        setting.delay_ms = range;
    }
    const auto take = [](const std::optional<double>& given, std::int64_t& per_mille) {
        if (given) per_mille = static_cast<std::int64_t>(*given * 1000.0 + 0.5);
    };
    take(body.fail_rate, setting.fail_per_mille);
    take(body.lose_rate, setting.lose_per_mille);
    take(body.decline_rate, setting.decline_per_mille);
    return std::nullopt;
}

Response no_such_context(const server::Upkeep& upkeep, std::string_view name) {
    std::vector<std::string> names;
    for (const auto& [known, setting] : upkeep.contexts().all()) names.push_back(known);
    return problem(
        404, "no_such_context",
        fmt::format("there is no context {}; there are {}", name, fmt::join(names, ", ")),
        "context");
}

// Two systems may have a context of the same name: "payment" of the market is called
// market.payment. A server of one system knows its own contexts by their short names first, and
// every context may be named with its system before it.
std::optional<std::string> resolve(const server::Upkeep& upkeep, std::string_view name) {
    std::vector<std::string> candidates;
    if (const auto& system = upkeep.config().system)
        candidates.push_back(fmt::format("{}.{}", *system, name));
    candidates.emplace_back(name);
    if (const auto dot = name.find('.'); dot != name.npos && upkeep.is_system(name.substr(0, dot)))
        candidates.emplace_back(name.substr(dot + 1));
    for (auto& candidate : candidates)
        if (upkeep.contexts().known(candidate)) return std::move(candidate);
    return std::nullopt;
}

awaitable<Response> put_context(server::Commands& commands, const server::Upkeep& upkeep,
                                Request& request) {
    const auto resolved = resolve(upkeep, request.parameter("context"));
    if (!resolved) co_return no_such_context(upkeep, request.parameter("context"));
    const auto& name = *resolved;
    const auto body = context_body.read(request, upkeep.config().limits);
    if (!body) co_return body.error();
    if (!body->state && !body->delay_ms && !body->fail_rate && !body->lose_rate &&
        !body->decline_rate)
        co_return problem(422, "nothing_to_change",
                          "send state, delayMs, failRate, loseRate or declineRate");
    auto setting = upkeep.contexts().get(name);
    if (auto refused = apply(*body, setting)) co_return *std::move(refused);
    const auto text = describe(name, setting);
    const auto reply = co_await commands.set_context(name, std::move(setting));
    if (!reply) co_return problem_of(reply.error());
    co_return http::json(200, text);
}

std::string_view name_of(server::BreakerState state) {
    return boost::describe::enum_to_string(state, "?");
}

Response breakers(const server::Upkeep& upkeep) {
    std::string list;
    for (const auto& at : upkeep.breakers()) {
        std::string transitions;
        for (const auto& step : at.transitions)
            transitions += fmt::format(R"({}{{"at":"{}","from":"{}","to":"{}"}})",
                                       transitions.empty() ? "" : ",", to_text(step.at),
                                       name_of(step.from), name_of(step.to));
        list += fmt::format(
            "{}{{\"context\":\"{}\",\"state\":\"{}\",\"inFlight\":{},\"succeeded\":{},"
            "\"failed\":{},\"timedOut\":{},\"rejected\":{},\"shortCircuited\":{},\"opened\":{},"
            "\"transitions\":[{}]}}",
            list.empty() ? "" : ",", at.context, name_of(at.state), at.in_flight,
            at.counts.succeeded, at.counts.failed, at.counts.timed_out, at.counts.rejected,
            at.counts.short_circuited, at.counts.opened, transitions);
    }
    return http::json(200, fmt::format("{{\"circuitbreakers\":[{}]}}", list));
}

http::RouteDoc context_doc(std::string summary) {
    auto made = doc(std::move(summary), context_schema());
    made.parameters = {{"context", "path", "string", true, "as GET /actuator/contexts lists it"}};
    made.responses.push_back(refused(404, "there is no such context"));
    return made;
}

http::RouteDoc put_doc(const server::LimitsConfig& limits) {
    auto made = context_doc("Stop, start, slow down or break a context");
    made.request_schema = context_body.schema(limits);
    made.request_example = R"({"state":"down"})";
    return made;
}

http::RouteDoc liveness_doc(const server::LimitsConfig& limits) {
    auto made =
        doc("Say that the process should not go on living, so that it is replaced, or that it "
            "should",
            schema::object({{"status", up_or_down}}));
    made.request_schema = liveness_body.schema(limits);
    made.request_example = R"({"state":"down"})";
    return made;
}

void add_get(http::Router& router, std::string pattern, http::RouteDoc described,
             std::function<Response()> answer) {
    router.add({http::Method::get, std::move(pattern),
                at_once([answer = std::move(answer)](Request&) { return answer(); }),
                std::move(described)});
}

void add_health_routes(http::Router& router, server::Reads& reads, server::Upkeep& upkeep,
                       const std::atomic<bool>& draining) {
    // An operator's word that this process must go. Whoever supervises it starts another one, which
    // knows nothing of it.
    const auto condemned = std::make_shared<std::atomic<bool>>(false);
    const auto probe_schema = schema::object({{"status", up_or_down}});
    const auto forced_down = [&upkeep, condemned] { return *condemned || upkeep.forced_down(); };
    add_get(router, "/actuator/health", health_doc("Health of all parts", health_schema()),
            [&reads, &upkeep, &draining, forced_down] {
                return health(reads, upkeep, draining, forced_down());
            });
    add_get(router, "/actuator/health/liveness",
            health_doc("Whether the process should go on living", probe_schema),
            [&upkeep, condemned] { return probe(!upkeep.failed() && !*condemned); });
    add_get(router, "/actuator/health/readiness",
            health_doc("Whether requests should be sent here", probe_schema),
            [&upkeep, &draining, forced_down] {
                return probe(!upkeep.failed() && !draining && !forced_down());
            });
    router.add({http::Method::put, "/actuator/health/liveness",
                at_once([&upkeep, condemned](Request& request) {
                    return put_liveness(upkeep, *condemned, request);
                }),
                liveness_doc(upkeep.config().limits)});
}

}  // namespace

void add_actuator_routes(http::Router& router, server::Commands& commands, server::Reads& reads,
                         server::Upkeep& upkeep, const std::atomic<bool>& draining) {
    add_health_routes(router, reads, upkeep, draining);
    add_get(router, "/actuator/contexts",
            doc("All contexts and what was injected into them",
                schema::object({{"contexts", schema::list(context_schema())}})),
            [&upkeep] { return contexts(upkeep); });
    add_get(router, "/actuator/circuitbreakers",
            doc("Circuit breakers of synchronous calls", breakers_schema()),
            [&upkeep] { return breakers(upkeep); });
    router.add({http::Method::get, "/actuator/contexts/{context}",
                at_once([&upkeep](Request& request) {
                    const auto name = resolve(upkeep, request.parameter("context"));
                    if (!name) return no_such_context(upkeep, request.parameter("context"));
                    return http::json(200, describe(*name, upkeep.contexts().get(*name)));
                }),
                context_doc("One context")});
    router.add({http::Method::put, "/actuator/contexts/{context}",
                [&](Request& request) { return put_context(commands, upkeep, request); },
                put_doc(upkeep.config().limits)});
}

}  // namespace yeyak::api
