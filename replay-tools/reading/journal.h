// What an operator or auditor did to a data folder at rest is recorded in its log, as a running
// server records it (aggregates/operations/contract.h).
#pragma once
#include <string>

#include "aggregates/operations/contract.h"
#include "eventstore/event_store.h"

namespace yeyak::tools {

// Appends one fact, durably, and answers its position. The log must be open for writing.
eventstore::StoreResult<eventstore::Position> record_at_rest(eventstore::EventStore& log,
                                                             Instant now, const std::string& actor,
                                                             const operations::Event& fact);

}  // namespace yeyak::tools
