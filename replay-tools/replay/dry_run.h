// What a rebuild would change: the view is built aside, up to where the live one stands, and the
// two are compared, row by row and field by field, with the first event of each difference. Nothing
// of the live view is touched.
#pragma once
#include <filesystem>
#include <functional>

#include "eventstore/event_store.h"
#include "replay-tools/replay/compare.h"
#include "replay-tools/replay/rebuild.h"

namespace yeyak::tools {

struct DryRun {
    std::string view;
    std::uint64_t generation = 0;  // of the live build; 0 when there is none
    eventstore::Position checkpoint = 0;
    Comparison comparison;
};

// `working` is created and removed again, also after an error or an interruption.
eventstore::StoreResult<DryRun> dry_run(const eventstore::EventStore& log, const RawViews* live,
                                        const std::filesystem::path& working,
                                        const projections::View& view,
                                        const RebuildOptions& options, std::size_t max_samples);

}  // namespace yeyak::tools
