// GET /projections/{name}/attestation: what a view says, signed.
#pragma once
#include "api/http/router.h"
#include "server/runtime.h"

namespace yeyak::api {

void add_attestation_route(http::Router& router, server::Runtime& runtime);

// {"position":…,"rows":…,"digest":"…"} of the newest attestation of a view, or null.
std::string last_attestation(server::Runtime& runtime, std::string_view view);

}  // namespace yeyak::api
