// The condition that a client sets for a command (RFC 9110, section 13): that the stream which the
// command is given to is as the client saw it, or one of those.
//
//   Expected-Version: 5        If-Match: "5", "6"        If-None-Match: *
//
// An entity tag of a row or stream begins with the version: "5-9f3c…". What follows tells apart
// what is shown of one version, and means nothing to a command.
#pragma once
#include <expected>
#include <functional>
#include <string_view>

#include "api/http/http.h"
#include "eventstore/event.h"

namespace yeyak::api {

struct Precondition {
    std::string_view field;                          // that sets it; empty: the request sets none
    std::function<bool(eventstore::Version)> holds;  // of the version of the stream, 0 for none
    int status = 409;                                // of the answer when it does not hold
};

// A problem when the condition cannot be read, or there is more than one.
std::expected<Precondition, http::Response> precondition_of(const http::Request& request);

// The answer when it does not hold of a stream that was found at a version.
http::Response not_met(const Precondition& precondition, std::string_view stream,
                       eventstore::Version found);

}  // namespace yeyak::api
