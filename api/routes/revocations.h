// Tokens, as far as the server speaks of them itself: POST /auth/revocations ends those of a
// subject, GET /.well-known/jwks.json tells with which keys those that are made here are verified.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::server {
class Tokens;
}

namespace yeyak::api {

// `tokens` outlives the routes.
void add_token_routes(http::Router& router, const Server& at, server::Tokens& tokens);

}  // namespace yeyak::api
