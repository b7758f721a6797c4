#include "api/systems/vaccination/probes.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cmath>

#include "api/routes/common.h"
#include "api/routes/schema.h"
#include "api/systems/vaccination/settings.h"
#include "kernel/edge/log.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view system_name = "vaccination";
constexpr int square_roots = 1'000'000;

Response burn() {
    double sum = 0;
    for (int i = 0; i < square_roots; ++i) sum += std::sqrt(static_cast<double>(i));
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    return http::text(200, fmt::format("{}: the sum of {} square roots is {:.0f}\n", host.data(),
                                       square_roots, sum));
}

Response health(const server::Upkeep& upkeep) {
    const bool up = !upkeep.forced_down(system_name);
    return http::json(up ? 200 : 503, fmt::format("{{\"status\":\"{}\"}}", up ? "UP" : "DOWN"));
}

Response force(server::Upkeep& upkeep, const Request& request, bool down) {
    upkeep.force_down(system_name, down);
    log::warning("health_forced", {{"system", system_name}, {"down", down ? 1 : 0}},
                 request.correlation_id);
    if (down) return http::no_content();
    auto response = health(upkeep);
    response.status = 201;
    return response;
}

// Whoever can reach a server could make it look ill, or busy: only a demonstration needs that.
http::Handler for_demonstration(const server::Upkeep& upkeep,
                                std::function<Response(Request&)> answer) {
    return at_once([&upkeep, answer = std::move(answer)](Request& request) {
        if (upkeep.config().of<VaccinationSettings>().demonstration) return answer(request);
        return http::problem(
            403, "demonstration_off",
            "this is for demonstrations only, and vaccination.demonstration is off");
    });
}

http::RouteDoc doc(std::string summary, int status, std::string type, std::string schema = "") {
    http::RouteDoc made;
    made.tag = "vaccination";
    made.summary = std::move(summary);
    made.responses = {
        {status, "done", type, std::move(schema), ""},
        {403, "vaccination.demonstration is off", "application/problem+json", "", ""}};
    made.accepts = {};
    made.produces = type.empty() ? std::vector<std::string>{} : std::vector{type};
    return made;
}

}  // namespace

void add_vaccination_probes(http::Router& router, server::Upkeep& upkeep, const Mount& mount) {
    const auto health_path = mount.prefix + "/healthcheck";
    const auto status = schema::object({{"status", schema::one_of({"UP", "DOWN"})}});
    auto read = doc("Whether health is forced down", 200, "application/json", status);
    read.responses.push_back({503, "it is", "application/json", status, ""});
    router.add({http::Method::get, health_path,
                for_demonstration(upkeep, [&upkeep](Request&) { return health(upkeep); }),
                std::move(read)});
    router.add(
        {http::Method::delete_, health_path,
         for_demonstration(upkeep,
                           [&upkeep](Request& request) { return force(upkeep, request, true); }),
         doc("Force health down, and with --system vaccination /actuator/health and readiness, too",
             204, "")});
    router.add({http::Method::post, health_path,
                for_demonstration(
                    upkeep, [&upkeep](Request& request) { return force(upkeep, request, false); }),
                doc("Let health be what it is again", 201, "application/json", status)});
    router.add(
        {http::Method::get, mount.prefix + "/user/hpa",
         for_demonstration(upkeep, [](Request&) { return burn(); }),
         doc("Cost a little time, for trying out autoscaling", 200, "text/plain", schema::text)});
}

}  // namespace yeyak::api
