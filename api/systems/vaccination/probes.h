// What the founding document's demonstrations of operation ask for: a health that can be forced
// down (liveness) and a request that only costs time (autoscaling).
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_vaccination_probes(http::Router& router, server::Upkeep& upkeep, const Mount& mount);

}  // namespace yeyak::api
