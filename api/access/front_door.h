// Asks who sends a request and whether he may: the one step between finding a route and running it
// (http::ServerOptions::admit). See docs/decisions/0027-front-door.md.
//
//   no token where one is needed                 401, WWW-Authenticate: Bearer
//   a token that does not count, for any reason  401, error="invalid_token"
//   two tokens, or one in the query              400, error="invalid_request"
//   a role that may not                          403, error="insufficient_scope"
//
// What there is beyond the routes that anybody may use is told to nobody without a token: what no
// route answers (404, 405) is 401 for him. A preflight (CORS) is let through, it brings no token.
//
// Lives on the I/O context; a call may wait for the keys of the issuer, and others go on meanwhile.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/access/access_table.h"
#include "auth/claims.h"
#include "auth/fault.h"
#include "kernel/time.h"

namespace yeyak::api {

using ClaimsPtr = std::shared_ptr<const auth::Claims>;

struct FrontDoorParts {
    // Whom a token speaks for; asks the issuer for new keys when it must. A token by value: it may
    // be needed longer than its request.
    std::function<boost::asio::awaitable<std::expected<ClaimsPtr, auth::Fault>>(std::string token)>
        authenticate;
    std::function<Instant()> now;
    // Hears why a token did not count. The request has it still: what is told further must not.
    std::function<void(const http::Request&, auth::Fault)> on_refused;
};

class FrontDoor {
  public:
    // The table outlives it.
    FrontDoor(const AccessTable& table, FrontDoorParts parts)
        : table_(table), parts_(std::move(parts)) {}

    // The answer that refuses; none: request.caller is who it is, or nobody where anybody may. A
    // request that has a caller is asked again, for its stream; only Authorization is read of it.
    // `route` is null for what no route answers.
    boost::asio::awaitable<std::optional<http::Response>> admit(http::Request& request,
                                                                const http::Route* route) const;

  private:
    const AccessTable& table_;
    const FrontDoorParts parts_;
};

}  // namespace yeyak::api
