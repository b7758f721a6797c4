#include "aggregates/operations/system.h"

#include "aggregates/operations/journal.h"

namespace yeyak::operations {

void install(Engine& engine) {
    engine.add(std::make_unique<AggregateHost<Journal>>(), {"operations"});
}

}  // namespace yeyak::operations
