// Pages of other sites in a visitor's browser. A browser sends a form, or a request without
// questions asked, wherever a page tells it to, with the visitor's place in the network; it says
// where the page is from, in Origin and in Sec-Fetch-Site, and no page can change that. Programs
// send neither.
#pragma once
#include <optional>

#include "api/http/http.h"

namespace yeyak::http {

// 403, foreign_page: for a command (any method but GET, HEAD and OPTIONS) that a page of another
// origin sent. A page's own origin is that of the request's Host.
std::optional<Response> refuse_foreign_page(const Request& request);

}  // namespace yeyak::http
