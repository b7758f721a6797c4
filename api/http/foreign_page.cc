#include "api/http/foreign_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/http/problem.h"
#include "kernel/edge/hosts.h"

namespace yeyak::http {
namespace {

bool is_own(const Request& request, std::string_view origin) {
    // Behind a proxy that speaks TLS for this server the scheme is another one.
    const auto authority = authority_of(origin);
    // Browsers leave out the port that the scheme has anyway; proxies may write it.
    const std::string_view usual = origin.starts_with("https:") ? ":443" : ":80";
    const auto is_it = [&](std::string_view host) {
        if (host.ends_with(usual)) host.remove_suffix(usual.size());
        return same_name(authority, host);
    };
    return !authority.empty() &&
           (is_it(request.header("Host").value_or("")) || is_it(authority_of(request.base)));
}

// A link, or an address that another page leads to; not what a page shows within itself.
bool is_followed_link(const Request& request) {
    return request.method == Method::get && request.header("Sec-Fetch-Mode") == "navigate" &&
           request.header("Sec-Fetch-Dest") == "document";
}

Response refused(std::string_view detail, std::string_view field) {
    return problem(403, "foreign_page", detail, field);
}

}  // namespace

std::optional<Response> refuse_unknown_host(const Request& request,
                                            std::span<const std::string> hosts) {
    const auto host = request.header("Host").value_or("localhost");
    for (const std::string_view said : {host, std::string_view{request.authority}}) {
        const auto is_said = [&](const std::string& known) {
            return same_name(known, host_of(said));
        };
        if (std::ranges::none_of(hosts, is_said))
            return problem(403, "unknown_host",
                           fmt::format("this server is not known as '{}'; its operator can add the "
                                       "name to http.hosts",
                                       host_of(said)),
                           "Host");
    }
    return std::nullopt;
}

std::optional<Response> refuse_foreign_page(const Request& request,
                                            std::span<const std::string> origins) {
    bool listed = false;
    for (const auto origin : request.headers.all("Origin")) {
        const bool here = std::ranges::find(origins, origin) != origins.end();
        if (!here && !is_own(request, origin))
            return refused(fmt::format("a page of {} may not send requests here", origin),
                           "Origin");
        listed = listed || here;
    }
    const auto site = request.header("Sec-Fetch-Site");
    const bool own = !site || *site == "same-origin" || *site == "none";
    if (own || listed || is_followed_link(request)) return std::nullopt;
    return refused("a page of another site may not send requests here", "Sec-Fetch-Site");
}

}  // namespace yeyak::http
