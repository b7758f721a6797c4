#include "api/routes/attestation.h"

#include <fmt/format.h>

#include "api/routes/common.h"
#include "api/routes/route_docs.h"
#include "api/routes/schema.h"
#include "server/attestation.h"
#include "server/platform.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;

// A view of ten million rows takes about this long; then the asker comes again and finds it made.
constexpr std::chrono::seconds patience{30};

Response answer_of(const server::Attestation& made) {
    const auto& digest = made.digest;
    auto body = fmt::format(
        "{{\"view\":\"{}\",\"projectorVersion\":{},\"generation\":{},\"position\":{},\"rows\":{},"
        "\"digest\":\"{}\",\"note\":",
        digest.view, digest.projector_version, made.generation, digest.position, digest.rows(),
        eventstore::to_hex(digest.digest));
    append_json_string(body, made.note);
    return http::json(200, body + "}");
}

awaitable<Response> attest(const Server& at, Request& request) {
    const auto name = request.parameter("name");
    const auto* const view = projections::find_view(at.reads.platform().views, name);
    if (!view)
        co_return problem(404, "no_such_view",
                          fmt::format("there is no view {}; GET /projections lists them", name),
                          "name");
    const auto made = co_await at.upkeep.attest(*view, patience);
    if (!made) {
        auto response = problem(503, "attestation_not_ready",
                                "the rows are still being read; ask again in a while");
        response.headers.add("Retry-After", "10");
        co_return response;
    }
    if (!*made) co_return problem_of(made->error());
    co_return answer_of(***made);
}

std::string attestation_schema() {
    return schema::object({{"view", schema::text},
                           {"projectorVersion", schema::number},
                           {"generation", schema::number},
                           {"position", schema::number},
                           {"rows", schema::number},
                           {"digest", schema::text},
                           {"note", schema::text}});
}

}  // namespace

std::string last_attestation(const server::Upkeep& upkeep, std::string_view view) {
    const auto made = upkeep.last_attestation(view);
    if (!made) return "null";
    return fmt::format("{{\"position\":{},\"rows\":{},\"digest\":\"{}\"}}", made->digest.position,
                       made->digest.rows(), eventstore::to_hex(made->digest.digest));
}

std::string last_attestation_schema() {
    return schema::object_or_null(
        {{"position", schema::number}, {"rows", schema::number}, {"digest", schema::text}});
}

void add_attestation_route(http::Router& router, const Server& at) {
    http::RouteDoc doc;
    doc.tag = "audit";
    doc.summary = "What a view says, signed";
    doc.description =
        "The digest over all rows of the view at the position where it stands now, as a signed "
        "note. yeyak audit view folds the log up to that position and must obtain the same digest. "
        "Costs a reading of all rows; askers share one.";
    doc.parameters = {{"name", "path", "string", true, "as GET /projections lists it"}};
    doc.responses = {{200, "digest and note", "application/json", attestation_schema(), ""},
                     refused(404, "there is no such view"),
                     refused(503, "it takes longer; ask again")};
    router.add({http::Method::get, "/projections/{name}/attestation",
                [at](Request& request) { return attest(at, request); }, std::move(doc)});
}

}  // namespace yeyak::api
