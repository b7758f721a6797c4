// Reading a stream and one event of it, in the content modes of CloudEvents.
#pragma once
#include "api/http/http.h"
#include "server/reads.h"

namespace yeyak::api {

inline constexpr std::string_view cloud_event_type = "application/cloudevents+json";
inline constexpr std::string_view cloud_event_batch_type = "application/cloudevents-batch+json";

// A page; as a batch of CloudEvents when the client likes that best.
boost::asio::awaitable<http::Response> read_stream(server::Reads& reads, http::Request& request);

// The event at a version: structured, or with ?mode=binary as header fields and data.
boost::asio::awaitable<http::Response> read_event(server::Reads& reads, http::Request& request);

// The answer that is a batch: a JSON array of events and, when there are more, a link to them.
http::Response batch_of(std::string events, std::string_view next);

}  // namespace yeyak::api
