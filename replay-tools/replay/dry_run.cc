#include "replay-tools/replay/dry_run.h"

#include <fmt/format.h>

#include "eventstore/log_pages.h"
#include "projections/rebuild/skips.h"
#include "replay-tools/replay/aside.h"
#include "replay-tools/replay/first_events.h"

namespace yeyak::tools {
namespace {

using eventstore::StoreError;
using eventstore::StoreResult;

StoreResult<void> build(const eventstore::EventStore& log, Aside& aside,
                        const projections::View& view, eventstore::Position last,
                        const RebuildOptions& options) {
    auto skips = projections::read_skips(log);
    if (!skips) return std::unexpected(std::move(skips).error());
    if (auto added = aside.add(view, (*skips)[std::string{view.name()}]); !added) return added;
    eventstore::LogPages pages{log, 0, last, options.batch};
    while (true) {
        const auto events = pages.next();
        if (!events) return std::unexpected(events.error());
        if (events->empty()) return {};
        if (auto applied = aside.apply(view.name(), *events); !applied) return applied;
        if (options.reached && !options.reached(events->back()->position))
            return std::unexpected(interrupted_error);
    }
}

}  // namespace

StoreResult<DryRun> dry_run(const eventstore::EventStore& log, const RawViews* live,
                            const std::filesystem::path& working, const projections::View& view,
                            const RebuildOptions& options, std::size_t max_samples) {
    DryRun result{std::string{view.name()}, 0, 0, {}};
    if (live) {
        const auto active = live->active(view.name());
        if (!active) return std::unexpected(active.error());
        if (*active) result.generation = (*active)->build.generation;
    }
    if (result.generation == 0)
        return std::unexpected(StoreError{
            StoreError::Kind::refused_open,
            fmt::format("view {} was never built: there is nothing to compare with", view.name())});
    const Build build_live{result.view, result.generation};
    const auto checkpoint = live->checkpoint(build_live);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    result.checkpoint = *checkpoint;
    if (result.checkpoint > log.head())
        return std::unexpected(
            StoreError{StoreError::Kind::corrupt,
                       fmt::format("view {} has counted event {}, but the log ends at event {}",
                                   view.name(), result.checkpoint, log.head())});
    auto aside = Aside::create(working);
    if (!aside) return std::unexpected(std::move(aside).error());
    if (auto built = build(log, **aside, view, result.checkpoint, options); !built)
        return std::unexpected(std::move(built).error());
    const auto rebuilt = (*aside)->finish();
    if (!rebuilt) return std::unexpected(rebuilt.error());
    auto comparison =
        compare_builds(live->cursor(build_live), (*rebuilt)->cursor(Aside::build_of(view.name())),
                       view.version(), max_samples);
    if (!comparison) return std::unexpected(std::move(comparison).error());
    result.comparison = *std::move(comparison);
    auto skips = projections::read_skips(log);
    if (!skips) return std::unexpected(std::move(skips).error());
    if (auto named = name_first_events(log, view, result.checkpoint,
                                       std::move((*skips)[result.view]), result.comparison.samples);
        !named)
        return std::unexpected(std::move(named).error());
    return result;
}

}  // namespace yeyak::tools
