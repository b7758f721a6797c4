// What the founding document's demonstrations of operation ask for: a health that can be forced
// down (liveness) and a request that only costs time (autoscaling).
#pragma once
#include "api/http/router.h"
#include "api/routes/common.h"

namespace yeyak::api {

void add_vaccination_probes(http::Router& router, server::Runtime& runtime, const Mount& mount);

}  // namespace yeyak::api
