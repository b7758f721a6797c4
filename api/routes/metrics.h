// GET /actuator/prometheus: all figures of the server, for a monitor that asks for them.
#pragma once
#include "api/http/router.h"
#include "api/routes/load.h"
#include "server/metrics/metrics.h"

namespace yeyak::api {

// `metrics` outlives the router.
void add_metrics_route(http::Router& router, server::Metrics& metrics, LoadSources sources);

}  // namespace yeyak::api
