// Pages of other sites in a visitor's browser. A browser sends a form, or a request without
// questions asked, wherever a page tells it to, with the visitor's place in the network; it says
// where the page is from, in Origin and in Sec-Fetch-Site, and no page can change that. Programs
// send neither.
//
// A page can also call this machine by a name of its own: the name leads to its site first and to
// this server a moment later (DNS rebinding), and the browser takes both for one site. What it
// cannot change is that name, which the browser sends as Host.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "api/http/http.h"

namespace yeyak::http {

// 403, unknown_host: when Host, or the host that a trusted proxy was asked for, is none of `hosts`,
// whatever the port. A request without Host (HTTP/1.0) is for localhost: no browser sends one.
std::optional<Response> refuse_unknown_host(const Request& request,
                                            std::span<const std::string> hosts);

// 403, foreign_page: for what a page of another origin sent. A page's own origin is that of the
// request's Host; those of `origins` may come, too. A link that somebody follows is let through:
// what it leads to is shown to him, and not to the page.
std::optional<Response> refuse_foreign_page(const Request& request,
                                            std::span<const std::string> origins);

}  // namespace yeyak::http
