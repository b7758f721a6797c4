#include "api/http/foreign_page.h"

#include <fmt/format.h>

#include "api/http/problem.h"

namespace yeyak::http {
namespace {

bool is_safe(Method method) {
    return method == Method::get || method == Method::head || method == Method::options;
}

// "https://shop.example:443" -> "shop.example:443"; empty when it is no origin ("null").
std::string_view authority_of(std::string_view origin) {
    const auto scheme = origin.find("://");
    if (scheme == std::string_view::npos) return {};
    const auto rest = origin.substr(scheme + 3);
    return rest.substr(0, rest.find('/'));
}

bool is_own(const Request& request, std::string_view origin) {
    // Behind a proxy that speaks TLS for this server the scheme is another one.
    const auto authority = authority_of(origin);
    return !authority.empty() && (same_name(authority, request.header("Host").value_or("")) ||
                                  same_name(authority, authority_of(request.base)));
}

Response refused(std::string_view detail, std::string_view field) {
    return problem(403, "foreign_page", detail, field);
}

}  // namespace

std::optional<Response> refuse_foreign_page(const Request& request) {
    if (is_safe(request.method)) return std::nullopt;
    const auto site = request.header("Sec-Fetch-Site");
    if (site && *site != "same-origin" && *site != "none")
        return refused("a page of another site may not send commands here", "Sec-Fetch-Site");
    for (const auto origin : request.headers.all("Origin"))
        if (!is_own(request, origin))
            return refused(fmt::format("a page of {} may not send commands here", origin),
                           "Origin");
    return std::nullopt;
}

}  // namespace yeyak::http
