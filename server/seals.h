// The keys of persons for coroutines: what privacy/person_keys.h tells its callers on a thread of
// its own is awaited here on the executor of the coroutine, which must outlive the keys.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "privacy/person_keys.h"

namespace yeyak::server {

// The sealer of a person, whose key is durable.
boost::asio::awaitable<eventstore::StoreResult<privacy::Sealer>> sealer_of(
    privacy::PersonKeys& keys, std::string handle);

// Destroys the keys; see KeyStore::destroy().
boost::asio::awaitable<eventstore::StoreResult<std::size_t>> destroy_keys(
    privacy::PersonKeys& keys, std::vector<privacy::KeyRef> refs);

}  // namespace yeyak::server
