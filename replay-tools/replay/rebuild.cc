#include "replay-tools/replay/rebuild.h"

#include <fmt/format.h>

#include "replay-tools/reading/in_parallel.h"
#include "replay-tools/reading/log_pages.h"

namespace yeyak::tools {
namespace {

using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;
using projections::Build;
using projections::View;
using projections::ViewStore;

struct Target {
    const View* view;
    Build build;
    std::unique_ptr<projections::Builder> builder;
};

StoreResult<Target> begin(ViewStore& store, const View& view) {
    auto next = store.next_build(view.name());
    if (!next) return std::unexpected(std::move(next).error());
    Target target{&view, *std::move(next), nullptr};
    // What a crashed rebuild left here.
    if (auto dropped = store.drop(target.build); !dropped)
        return std::unexpected(std::move(dropped).error());
    auto builder = view.builder(store, target.build);
    if (!builder) return std::unexpected(std::move(builder).error());
    target.builder = *std::move(builder);
    return target;
}

StoreResult<void> fill(const eventstore::EventStore& log, std::vector<Target>& targets,
                       const RebuildOptions& options) {
    LogPages pages{log, 0, log.head(), options.batch};
    while (true) {
        const auto events = pages.next();
        if (!events) return std::unexpected(events.error());
        if (events->empty()) return {};
        std::vector<StoreResult<void>> applied(targets.size());
        in_parallel(targets.size(),
                    [&](std::size_t i) { applied[i] = targets[i].builder->apply(*events); });
        for (auto& one : applied)
            if (!one) return std::move(one);
        if (options.reached && !options.reached(events->back()->position))
            return std::unexpected(interrupted_error);
    }
}

StoreResult<Rebuilt> finish(ViewStore& store, const Target& target, Position head) {
    const auto checkpoint = store.checkpoint(target.build);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    if (*checkpoint != head)
        return std::unexpected(
            StoreError{StoreError::Kind::corrupt,
                       fmt::format("view {}: built up to event {} of {}; the old build stays",
                                   target.build.view, *checkpoint, head)});
    const auto counts = store.counts(target.build);
    if (!counts) return std::unexpected(counts.error());
    if (auto active = store.activate(target.build, target.view->version()); !active)
        return std::unexpected(std::move(active).error());
    return Rebuilt{target.build.view, target.build.generation, counts->active + counts->cancelled};
}

}  // namespace

const StoreError interrupted_error{StoreError::Kind::io, "interrupted; the old build stays"};

StoreResult<std::vector<Rebuilt>> rebuild(const eventstore::EventStore& log, ViewStore& store,
                                          const std::vector<const View*>& views,
                                          const RebuildOptions& options) {
    std::vector<Target> targets;
    for (const View* view : views) {
        auto target = begin(store, *view);
        if (!target) return std::unexpected(std::move(target).error());
        targets.push_back(*std::move(target));
    }
    auto filled = store.begin_bulk();
    if (filled) filled = fill(log, targets, options);
    if (!filled) {
        for (auto& target : targets) (void)store.drop(target.build);
        return std::unexpected(std::move(filled).error());
    }
    std::vector<Rebuilt> done;
    for (const auto& target : targets) {
        auto one = finish(store, target, log.head());
        if (!one) return std::unexpected(std::move(one).error());
        done.push_back(*std::move(one));
    }
    if (auto ended = store.end_bulk(); !ended) return std::unexpected(std::move(ended).error());
    return done;
}

}  // namespace yeyak::tools
