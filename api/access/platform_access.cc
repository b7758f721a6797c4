// The table. An operator may use every route, so no row names him.
#include "api/access/platform_access.h"

namespace yeyak::api {
namespace {

using namespace access;
using http::Method;

constexpr Access anybody{.anybody = true};
constexpr Access auditors_look{.auditor = look};
constexpr Access auditors{.auditor = all};
// Figures of the process name nobody, so a monitor needs no right to read the log.
constexpr Access figures{.program = look, .auditor = look};
constexpr Access own_streams{.program = own};
constexpr Access own_streams_read{.program = own, .auditor = look};
// Hashes of the log, without anything that stands in it.
constexpr Access proofs{.customer = look, .program = look, .auditor = all};
constexpr Access receipts{.customer = own, .program = own, .auditor = all};

constexpr AccessRow rows[] = {
    {Method::get, "/", anybody},
    {Method::get, "/problems", anybody},
    {Method::get, "/openapi.json", anybody},

    {Method::get, "/.well-known/jwks.json", anybody},
    {Method::post, "/auth/revocations", operators},

    {Method::post, "/streams/{stream}", own_streams},
    {Method::get, "/streams/{stream}", own_streams_read},
    {Method::get, "/streams/{stream}/{version}", own_streams_read},
    {Method::post, "/commits", own_streams},
    {Method::get, "/events", own_streams_read},

    {Method::get, "/sagas", auditors_look},
    {Method::get, "/sagas/{id}", auditors_look},
    {Method::post, "/sagas/{id}/retry", operators},
    {Method::post, "/sagas/{id}/compensate", operators},

    {Method::get, "/notifications", auditors_look},
    {Method::get, "/notifications/{id}", auditors_look},
    {Method::post, "/notifications/{id}/replay", operators},
    {Method::post, "/notifications/test", operators},

    {Method::get, "/projections", auditors_look},
    {Method::get, "/projections/{name}/rebuild", auditors_look},
    {Method::post, "/projections/{name}/rebuild", operators},
    {Method::delete_, "/projections/{name}/rebuild", operators},
    {Method::post, "/projections/{name}/rebuild/pause", operators},
    {Method::post, "/projections/{name}/rebuild/resume", operators},
    {Method::post, "/projections/{name}/rollback", operators},
    {Method::get, "/projections/{name}/parked", auditors_look},
    {Method::post, "/projections/{name}/retry", operators},
    {Method::post, "/projections/{name}/skip", operators},
    {Method::get, "/projections/{name}/attestation", auditors_look},
    {Method::get, "/projections/{name}/rows/{key}/history", auditors_look},

    {Method::get, "/audit/key", anybody},
    {Method::get, "/audit/checkpoint", proofs},
    {Method::get, "/audit/consistency", proofs},
    {Method::get, "/audit/receipt", receipts},
    // Whole events are among them.
    {Method::get, "/audit/tiles/checkpoint", auditors},
    {Method::get, "/audit/tiles/tile/{level}/{n1}", auditors},
    {Method::get, "/audit/tiles/tile/{level}/{n1}/{n2}", auditors},
    {Method::get, "/audit/tiles/tile/{level}/{n1}/{n2}/{n3}", auditors},
    {Method::get, "/audit/tiles/tile/{level}/{n1}/{n2}/{n3}/{n4}", auditors},
    {Method::post, "/audit/trail", auditors},
    {Method::post, "/audit/exports", auditors},
    {Method::post, "/audit/erasures", operators},
    {Method::post, "/audit/backups", operators},
    {Method::get, "/audit/backups", operators},
    {Method::get, "/audit/backups/{id}", operators},

    {Method::get, "/actuator/health", auditors_look},
    {Method::get, "/actuator/health/liveness", anybody},
    {Method::get, "/actuator/health/readiness", anybody},
    {Method::put, "/actuator/health/liveness", operators},
    {Method::get, "/actuator/contexts", auditors_look},
    {Method::get, "/actuator/contexts/{context}", auditors_look},
    {Method::put, "/actuator/contexts/{context}", operators},
    {Method::get, "/actuator/circuitbreakers", auditors_look},
    {Method::get, "/actuator/load", figures},
    {Method::get, "/actuator/prometheus", figures},
};

}  // namespace

std::span<const AccessRow> platform_access() { return rows; }

}  // namespace yeyak::api
