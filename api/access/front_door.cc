#include "api/access/front_door.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/http/problem.h"
#include "auth/verifier.h"

namespace yeyak::api {

using boost::asio::awaitable;
using http::Request;
using http::Response;

namespace {

// `error` as RFC 6750 has it; empty for who did not try.
Response challenge(int status, std::string_view code, std::string_view detail,
                   std::string_view error, std::string_view field = {}) {
    auto response = http::problem(status, code, detail, field);
    auto value = std::string{"Bearer realm=\"yeyak\""};
    if (!error.empty()) value += fmt::format(", error=\"{}\"", error);
    response.headers.add("WWW-Authenticate", value);
    return response;
}

bool is_preflight(const Request& request) {
    return request.method == http::Method::options && request.headers.contains("Origin") &&
           request.headers.contains("Access-Control-Request-Method");
}

// The token of the request, and nothing when it has none.
std::expected<std::optional<std::string>, Response> token_of(const Request& request) {
    // It would stand in the logs of everything on the way.
    if (request.query.find("access_token"))
        return std::unexpected(challenge(400, "token_in_query",
                                         "a token is sent in Authorization, never in the address",
                                         "invalid_request", "access_token"));
    const auto fields = request.headers.all("Authorization");
    if (fields.size() > 1)
        return std::unexpected(challenge(400, "several_authorizations",
                                         "the request has more than one Authorization field",
                                         "invalid_request", "Authorization"));
    if (fields.empty()) return std::nullopt;
    auto text = fields.front();
    const auto scheme = text.substr(0, text.find(' '));
    if (!http::same_name(scheme, "Bearer")) return std::nullopt;
    text.remove_prefix(scheme.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return std::string{text};
}

bool has_role(const auth::Claims& claims, std::string_view role) {
    return std::ranges::find(claims.roles, role) != claims.roles.end();
}

std::shared_ptr<const http::Caller> caller_of(const auth::Claims& claims, http::Reach reach,
                                              Instant now) {
    auto caller = std::make_shared<http::Caller>();
    caller->subject = claims.subject;
    caller->customer = claims.customer;
    if (has_role(claims, role::program)) {
        caller->may_read = claims.may_read;
        caller->may_write = claims.may_write;
    }
    caller->may_name_actor = has_role(claims, role::operator_);
    caller->reach = reach;
    const auto left = claims.expires.ms - now.ms + auth::leeway_ms;
    caller->remaining = std::chrono::milliseconds{left};
    return caller;
}

}  // namespace

awaitable<std::optional<Response>> FrontDoor::admit(Request& request,
                                                    const http::Route* route) const {
    const RouteAccess* access = route ? table_.find(*route) : nullptr;
    if (access && access->anybody()) co_return std::nullopt;
    if (is_preflight(request)) co_return std::nullopt;
    auto token = token_of(request);
    if (!token) co_return std::move(token).error();
    if (!*token)
        co_return challenge(401, "not_authenticated",
                            "say who you are: Authorization: Bearer TOKEN", "");
    auto claims = co_await parts_.authenticate(**std::move(token));
    if (!claims) {
        // Who was let in before, and now follows a stream, is no stranger.
        if (!request.caller) parts_.on_refused(request, claims.error());
        co_return challenge(401, "invalid_token",
                            "the token does not count; the log of the server says why",
                            "invalid_token");
    }
    if (!route) co_return std::nullopt;  // he may hear that there is nothing
    const auto reach = access ? access->reach((*claims)->roles) : std::nullopt;
    if (!reach)
        co_return challenge(403, "insufficient_scope",
                            fmt::format("none of your roles may {} {}",
                                        http::to_string(route->method), route->pattern),
                            "insufficient_scope");
    request.caller = caller_of(**claims, *reach, parts_.now());
    co_return std::nullopt;
}

}  // namespace yeyak::api
