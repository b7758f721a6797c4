// GET /projections/{name}/attestation: what a view says, signed.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_attestation_route(http::Router& router, const Server& at);

// {"position":…,"rows":…,"digest":"…"} of the newest attestation of a view, or null.
std::string last_attestation(const server::Upkeep& upkeep, std::string_view view);
// JSON Schema of it.
std::string last_attestation_schema();

}  // namespace yeyak::api
