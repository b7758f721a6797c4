// What auditors and customers ask: checkpoint, key, receipts, consistency, tiles. Read-only; proofs
// are made from stored hashes and checked before they are given out.
#pragma once
#include "api/http/router.h"
#include "server/reads.h"
#include "server/upkeep.h"

namespace yeyak::api {

void add_audit_routes(http::Router& router, server::Reads& reads, server::Upkeep& upkeep);

namespace audit_docs {
http::RouteDoc checkpoint();
http::RouteDoc key();
http::RouteDoc receipt();
http::RouteDoc consistency();
http::RouteDoc tile(std::size_t segments);
}  // namespace audit_docs

}  // namespace yeyak::api
