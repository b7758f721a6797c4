#include "api/http/cors.h"

#include <algorithm>

namespace yeyak::http {
namespace {

constexpr std::string_view preflight_seconds = "600";

void answer_preflight(const Request& request, Response& response) {
    const auto allowed = response.headers.find("Allow");
    if (!allowed) return;
    response.headers.add("Access-Control-Allow-Methods", std::string{*allowed});
    // Binary events have fields of any name (ce-...), so that no list of ours would do.
    if (const auto fields = request.header("Access-Control-Request-Headers"))
        response.headers.add("Access-Control-Allow-Headers", *fields);
    response.headers.add("Access-Control-Max-Age", preflight_seconds);
}

}  // namespace

void share_with_page(const Request& request, std::span<const std::string> origins,
                     Response& response) {
    if (origins.empty()) return;
    response.headers.add("Vary", "Origin");  // also for who has none: a cache gives it to others
    const auto origin = request.header("Origin");
    if (!origin || std::ranges::find(origins, *origin) == origins.end()) return;
    response.headers.add("Access-Control-Allow-Origin", *origin);
    response.headers.add("Access-Control-Expose-Headers", "*");
    if (request.method == Method::options &&
        request.headers.contains("Access-Control-Request-Method"))
        answer_preflight(request, response);
}

}  // namespace yeyak::http
