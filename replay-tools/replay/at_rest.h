// What commands do with a data folder that no server has open: its views for writing, and what is
// done with them recorded in the log, as a server would.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "aggregates/operations/contract.h"
#include "projections/runner/view_store.h"

namespace yeyak::tools {

// Now, in milliseconds since 1970.
std::int64_t now_ms();

eventstore::StoreResult<std::unique_ptr<projections::ViewStore>> open_views_at_rest(
    const std::filesystem::path& data);
// Prints why the views cannot be written and answers the exit code.
int views_refused(const eventstore::StoreError& error);

struct Fact {
    std::string actor;  // who did it
    operations::Event what;
};
// Appends facts to the journal of operations. Nobody may have the log open.
eventstore::StoreResult<void> record_facts(const std::filesystem::path& data,
                                           const std::vector<Fact>& facts);
// Tells the log of every switch that it does not know of yet.
eventstore::StoreResult<void> record_switches_at_rest(const std::filesystem::path& data,
                                                      projections::ViewStore& views);

}  // namespace yeyak::tools
