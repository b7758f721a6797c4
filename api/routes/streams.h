// The event store for other programs:
//   POST /streams/{stream}    append (one event, an array of events, or CloudEvents in any mode)
//   POST /commits             append to several streams, all or nothing
//   GET  /streams/{stream}    read forward or backward
//   GET  /streams/{stream}/{version}    one event, structured or binary
//   GET  /events              read everything, filtered; as a live feed with Accept:
//   text/event-stream
// A stream whose category holds a dot belongs to a system of Yeyak and cannot be written from here.
#pragma once
#include <memory>

#include "api/http/places.h"
#include "api/http/router.h"
#include "server/commands.h"
#include "server/reads.h"

namespace yeyak::api {

void add_stream_routes(http::Router& router, server::Commands& commands, server::Reads& reads);
// Live feeds take their places in `feeds`.
void add_event_routes(http::Router& router, server::Reads& reads,
                      std::shared_ptr<http::Places> feeds);

}  // namespace yeyak::api
