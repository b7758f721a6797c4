// Which pages of other sites may read the answers, told to their browsers in the fields of CORS
// (Fetch Standard, 3.2). Nobody is told of credentials: a browser keeps none for this server.
//
// No I/O, no state.
#pragma once
#include <span>
#include <string>

#include "api/http/http.h"

namespace yeyak::http {

// Adds the fields to the answer for a page of `origins`. The question that a browser asks before it
// sends a command (a preflight) is an OPTIONS, whose answer names the methods in Allow.
void share_with_page(const Request& request, std::span<const std::string> origins,
                     Response& response);

}  // namespace yeyak::http
