// One saga as JSON: its timeline, what it waits for, and what an operator's order would do now.
#pragma once
#include <string>
#include <vector>

#include "server/reads.h"

namespace yeyak::api {

using eventstore::EventPtr;
using eventstore::StoreResult;

// `steps` are the events of its stream, from the first on; there is at least one.
eventstore::StoreResult<std::string> saga_json(const server::Reads& reads,
                                               const std::vector<eventstore::EventPtr>& steps);

// JSON Schema of it.
std::string saga_schema();

}  // namespace yeyak::api
