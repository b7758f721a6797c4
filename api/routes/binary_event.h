// One CloudEvent in the binary content mode of the HTTP protocol binding (cloudevents/spec v1.0.2,
// http-protocol-binding.md): each attribute is a header field ("ce-source: /shop"), the type of the
// data is Content-Type, and the body is the data itself.
//
// Values are percent-encoded (section 3.1.3.2): blanks, quotes, % and all that is not ASCII. Data
// of a JSON type is kept as JSON, text that is UTF-8 as a JSON string, and other bytes in base64;
// as it is written, so it is given back.
#pragma once
#include <expected>

#include "api/http/http.h"
#include "eventstore/event.h"

namespace yeyak::api {

// The field that tells this mode.
inline constexpr std::string_view binary_mark = "ce-specversion";

std::expected<eventstore::NewEvent, http::Response> read_binary_event(const http::Request& request);

http::Response binary_event(const eventstore::RecordedEvent& event);

}  // namespace yeyak::api
