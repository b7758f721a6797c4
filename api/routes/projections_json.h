// What the routes of views answer, as JSON, and how they are described.
#pragma once
#include <string>

#include "api/http/router.h"
#include "projections/runner/view_store.h"
#include "server/rebuild_status.h"
#include "server/upkeep.h"
#include "server/view_progress.h"

namespace yeyak::api {

// `head` is that of the log.
std::string to_json_text(const server::Upkeep& upkeep, const server::ViewProgress& view,
                         eventstore::Position head);
std::string to_json_text(const server::RebuildStatus& status);
std::string to_json_text(const projections::ParkedEvent& event);

// A text as a JSON string, null when it is empty.
std::string text_or_null(std::string_view text);

// JSON Schema of these.
std::string view_schema();
std::string rebuild_schema();
std::string parked_schema();

http::RouteDoc projections_doc(std::string summary, std::string answer);
// Of a route under /projections/{name}; `answer` is the schema of what it answers.
http::RouteDoc projection_doc(std::string summary, std::string answer,
                              http::BodySchema body_schema = {});

}  // namespace yeyak::api
