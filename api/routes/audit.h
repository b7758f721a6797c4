// What auditors and customers ask: checkpoint, key, receipts, consistency, tiles. Read-only; proofs
// are made from stored hashes and checked before they are given out.
#pragma once
#include <span>
#include <string_view>

#include "api/http/router.h"
#include "server/reads.h"
#include "server/upkeep.h"

namespace yeyak::api {

// `personal`: the categories of streams that are one person's each. Who reaches his own things only
// has receipts of no others: streams that many write to begin with the actor of whoever came first.
void add_audit_routes(http::Router& router, server::Reads& reads, server::Upkeep& upkeep,
                      std::span<const std::string_view> personal);

namespace audit_docs {
http::RouteDoc checkpoint();
http::RouteDoc key();
http::RouteDoc receipt();
http::RouteDoc consistency();
http::RouteDoc tile(std::size_t segments);
}  // namespace audit_docs

}  // namespace yeyak::api
