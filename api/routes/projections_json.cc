#include "api/routes/projections_json.h"

#include <fmt/format.h>

#include "aggregates/engine/contexts.h"
#include "api/http/problem.h"
#include "api/routes/attestation.h"
#include "api/routes/route_docs.h"
#include "api/routes/schema.h"
#include "kernel/json.h"
#include "server/config/config.h"

namespace yeyak::api {

std::string text_or_null(std::string_view text) {
    if (text.empty()) return "null";
    return http::json_string(text);
}

std::string to_json_text(const server::Upkeep& upkeep, const server::ViewProgress& view,
                         eventstore::Position head) {
    const auto state = !view.failure.empty()                    ? "failed"
                       : !upkeep.contexts().is_up(view.context) ? "stopped"
                       : view.stale                             ? "stale"
                                                                : "running";
    std::string previous = "null";
    if (view.previous.number != 0)
        previous = fmt::format(
            R"({{"generation":{},"projectorVersion":{},"until":"{}"}})", view.previous.number,
            view.previous.version,
            to_text(Instant{view.switched_ms} + 1000 * upkeep.config().views.keep_previous_s));
    return fmt::format(
        R"({{"name":"{}","context":"{}","state":"{}","generation":{},"position":{},"lag":{},)"
        R"("parked":{},"previous":{},"failure":{},"attestation":{}}})",
        view.name, view.context, state, view.build.generation, view.position,
        head - std::min(head, view.position), view.parked, previous, text_or_null(view.failure),
        last_attestation(upkeep, view.name));
}

std::string to_json_text(const server::RebuildStatus& status) {
    std::string left = "null";
    const bool moves =
        status.state == server::RebuildState::building && status.events_per_second > 0;
    if (moves)
        left = std::to_string((status.goal - std::min(status.goal, status.position)) /
                              status.events_per_second);
    return fmt::format(R"({{"view":"{}","state":"{}","generation":{},"position":{},"goal":{},)"
                       R"("eventsPerSecond":{},"secondsLeft":{},"rows":{},"parked":{},"digest":{},)"
                       R"("acceptDifferences":{},"actor":{},"code":{},"detail":{}}})",
                       status.view, name_of(status.state), status.generation, status.position,
                       status.goal, status.events_per_second, left, status.rows, status.parked,
                       text_or_null(status.digest), status.accepts_differences,
                       text_or_null(status.actor), text_or_null(status.code),
                       text_or_null(status.detail));
}

std::string to_json_text(const projections::ParkedEvent& event) {
    return fmt::format(R"({{"stream":{},"position":{},"type":{},"reason":{}}})",
                       http::json_string(event.stream), event.position,
                       http::json_string(event.type), text_or_null(event.reason));
}

std::string view_schema() {
    const auto previous = schema::object_or_null({{"generation", schema::number},
                                                  {"projectorVersion", schema::number},
                                                  {"until", schema::time}});
    return schema::object({{"name", schema::text},
                           {"context", schema::text},
                           {"state", schema::one_of({"failed", "stopped", "stale", "running"})},
                           {"generation", schema::number},
                           {"position", schema::number},
                           {"lag", schema::number},
                           {"parked", schema::number},
                           {"previous", previous},
                           {"failure", schema::text_or_null},
                           {"attestation", last_attestation_schema()}});
}

std::string rebuild_schema() {
    std::vector<std::string_view> states;
    for (auto state = server::RebuildState::waiting; state <= server::RebuildState::failed;
         state = static_cast<server::RebuildState>(static_cast<int>(state) + 1))
        states.push_back(name_of(state));
    return schema::object({{"view", schema::text},
                           {"state", schema::one_of(states)},
                           {"generation", schema::number},
                           {"position", schema::number},
                           {"goal", schema::number},
                           {"eventsPerSecond", schema::number},
                           {"secondsLeft", schema::number_or_null},
                           {"rows", schema::number},
                           {"parked", schema::number},
                           {"digest", schema::text_or_null},
                           {"acceptDifferences", schema::truth},
                           {"actor", schema::text_or_null},
                           {"code", schema::text_or_null},
                           {"detail", schema::text_or_null}});
}

std::string parked_schema() {
    return schema::object({{"stream", schema::text},
                           {"position", schema::number},
                           {"type", schema::text},
                           {"reason", schema::text_or_null}});
}

http::RouteDoc projections_doc(std::string summary, std::string answer) {
    http::RouteDoc made;
    made.tag = "operation";
    made.summary = std::move(summary);
    made.responses = {{200, "as it is now", "application/json", std::move(answer), ""}};
    return made;
}

http::RouteDoc projection_doc(std::string summary, std::string answer,
                              http::BodySchema body_schema) {
    auto made = projections_doc(std::move(summary), std::move(answer));
    made.parameters = {{"name", "path", "string", true, "as GET /projections lists it"}};
    made.responses.push_back(
        refused(404, "there is no such view, or nothing of what is asked for"));
    if (body_schema.empty()) return made;
    made.request_schema = std::move(body_schema);
    made.request_example = "{}";
    made.request_required = false;
    made.responses.push_back(refused(409, "this cannot be done now; the code says why"));
    return made;
}

}  // namespace yeyak::api
