// Revocations of tokens in the log: which event says them, and how the table in memory is made of
// those that are there.
#pragma once
#include <string>
#include <string_view>

#include "aggregates/operations/contract.h"
#include "auth/revocations.h"
#include "eventstore/event_store.h"

namespace yeyak::server {

inline constexpr std::size_t longest_revocation_reason = 500;  // characters

// Of all tokens that the subject was given until `now`.
operations::TokensRevoked revocation_of(std::string subject, std::string reason, Instant now);

// Takes over what the log says. Errors are those of the store; an event that cannot be read is
// corrupt.
eventstore::StoreResult<void> read_revocations(const eventstore::EventStore& log,
                                               auth::Revocations& revocations);

}  // namespace yeyak::server
