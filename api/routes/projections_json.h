// What the routes of views answer, as JSON, and how they are described.
#pragma once
#include <string>

#include "api/http/router.h"
#include "server/runtime.h"

namespace yeyak::api {

std::string to_json_text(server::Runtime& runtime, const server::ViewProgress& view);
std::string to_json_text(const server::RebuildStatus& status);
std::string to_json_text(const projections::ParkedEvent& event);

// A text as a JSON string, null when it is empty.
std::string text_or_null(std::string_view text);

http::RouteDoc projections_doc(std::string summary);
// Of a route under /projections/{name}.
http::RouteDoc projection_doc(std::string summary, int status, std::string_view body_schema = {});

}  // namespace yeyak::api
