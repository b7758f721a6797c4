#include "replay-tools/replay/rebuild.h"

#include <fmt/format.h>

#include <thread>

#include "eventstore/in_parallel.h"
#include "eventstore/log_pages.h"
#include "projections/rebuild/skips.h"
#include "projections/rebuild/switch_note.h"

namespace yeyak::tools {
namespace {

using eventstore::in_parallel;
using eventstore::LogPages;
using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;
using projections::Build;
using projections::Builder;
using projections::View;
using projections::ViewStore;

struct Target {
    const View* view;
    projections::Builds builds;
    Build build;
    std::unique_ptr<Builder> builder;
};

struct Work {
    const eventstore::EventStore& log;
    ViewStore& store;
    const RebuildOptions& options;
    projections::Skips skips;
    std::size_t parts = 1;
};

projections::BuildHow how_to_build(const Work& work, std::string_view view) {
    projections::BuildHow how;
    how.parts = work.parts;
    how.spread = [](std::size_t count, const auto& piece) { in_parallel(count, piece); };
    how.logged = false;
    if (const auto own = work.skips.find(view); own != work.skips.end()) how.skipped = own->second;
    return how;
}

StoreResult<Target> begin(const Work& work, const View& view) {
    auto builds = work.store.builds(view.name());
    if (!builds) return std::unexpected(std::move(builds).error());
    auto& candidate = builds->candidate;
    if (candidate && candidate->generation.version != view.version()) {
        if (auto dropped = work.store.drop_candidate(view.name()); !dropped)
            return std::unexpected(std::move(dropped).error());
        candidate.reset();
    }
    if (!candidate) {
        candidate.emplace();
        candidate->generation = {builds->greatest + 1, view.version()};
        candidate->actor = work.options.actor;
        if (auto kept = work.store.put_candidate(view.name(), *candidate); !kept)
            return std::unexpected(std::move(kept).error());
    }
    Target target{&view, *builds, {std::string{view.name()}, candidate->generation.number}, {}};
    auto builder = view.builder(work.store, target.build, how_to_build(work, view.name()));
    if (!builder) return std::unexpected(std::move(builder).error());
    target.builder = *std::move(builder);
    return target;
}

StoreResult<void> advance(Builder& builder, const View& view,
                          const std::vector<eventstore::EventPtr>& events) {
    Builder::Events given;
    const auto from = builder.checkpoint();
    for (const auto& event : events)
        if (event->position > from && view.reads(eventstore::category_of(event->stream)))
            given.push_back(event.get());
    const auto through = std::max(from, events.back()->position);
    return builder.advance(given, through, projections::Keep::now);
}

StoreResult<void> fill(const Work& work, std::vector<Target>& targets) {
    Position from = work.log.head();
    for (const auto& target : targets) from = std::min(from, target.builder->checkpoint());
    LogPages pages{work.log, from, work.log.head(), work.options.batch};
    while (true) {
        const auto events = pages.next();
        if (!events) return std::unexpected(events.error());
        if (events->empty()) return {};
        std::vector<StoreResult<void>> applied(targets.size());
        const auto apply = [&](std::size_t i) {
            applied[i] = advance(*targets[i].builder, *targets[i].view, *events);
        };
        if (work.parts > 1)
            for (std::size_t i = 0; i < targets.size(); ++i) apply(i);
        else
            in_parallel(targets.size(), apply);
        for (auto& one : applied)
            if (!one) return std::move(one);
        if (work.options.reached && !work.options.reached(events->back()->position))
            return std::unexpected(interrupted_error);
    }
}

// Brings the live build to the end of the log, so that the two can be compared. False when it
// cannot go on.
StoreResult<bool> bring_up(const Work& work, const Target& target) {
    const auto& live = target.builds.live;
    if (live.version != target.view->version()) return false;
    auto how = how_to_build(work, target.build.view);
    how.logged = true;
    const auto builder =
        target.view->builder(work.store, {target.build.view, live.number}, std::move(how));
    if (!builder) return std::unexpected(builder.error());
    const auto head = work.log.head();
    if ((*builder)->checkpoint() > head) return false;
    LogPages pages{work.log, (*builder)->checkpoint(), head, work.options.batch};
    while (true) {
        const auto events = pages.next();
        if (!events) return std::unexpected(events.error());
        if (events->empty()) return true;
        if (!advance(**builder, *target.view, *events)) return false;
    }
}

std::string note_of(const Work& work, const Target& target, const projections::ViewDigest& digest) {
    projections::SwitchNote note;
    note.actor = work.options.actor;
    note.fact.view = target.build.view;
    note.fact.how = "rebuilt";
    note.fact.generation = static_cast<std::int64_t>(target.build.generation);
    note.fact.projector_version = target.view->version();
    note.fact.position = static_cast<std::int64_t>(digest.position);
    note.fact.rows = static_cast<std::int64_t>(digest.rows());
    note.fact.digest = eventstore::to_hex(digest.digest);
    return encode(note);
}

StoreResult<Rebuilt> finish(const Work& work, Target& target) {
    auto& store = work.store;
    if (auto durable = target.builder->begin_logging(); !durable)
        return std::unexpected(std::move(durable).error());
    Rebuilt done;
    done.view = target.build.view;
    done.generation = target.build.generation;
    done.parked = target.builder->parked();
    target.builder.reset();
    const auto live_stands_here = bring_up(work, target);
    if (!live_stands_here) return std::unexpected(live_stands_here.error());
    const projections::Comparing how{target.view->version(), *live_stands_here, *live_stands_here};
    const auto compared = projections::compare(store.freeze({done.view, target.builds.live.number}),
                                               store.freeze(target.build), how);
    if (!compared) return std::unexpected(compared.error());
    done.rows = static_cast<std::int64_t>(compared->candidate.rows());
    done.digest = eventstore::to_hex(compared->candidate.digest);
    if (compared->candidate.position != work.log.head())
        done.refused = projections::Objection{
            "position_differs", fmt::format("built up to event {} of {}",
                                            compared->candidate.position, work.log.head())};
    else
        done.refused = objection_to(*compared, how, work.options.accept_differences);
    if (done.refused) {
        // It is not gone on with by itself: what is asked for next decides.
        auto dropped = store.drop_candidate(done.view);
        if (!dropped) return std::unexpected(std::move(dropped).error());
        return done;
    }
    auto flipped =
        store.flip(done.view, {work.options.now_ms, note_of(work, target, compared->candidate)});
    if (flipped) flipped = store.drop_unnamed(done.view);
    if (!flipped) return std::unexpected(std::move(flipped).error());
    return done;
}

// What was built stays for the next run; a server does not go on with it by itself.
void leave(const Work& work, const std::vector<Target>& targets) {
    (void)work.store.end_bulk();
    for (const auto& target : targets) {
        projections::Candidate candidate;
        candidate.generation = {target.build.generation, target.view->version()};
        candidate.paused = true;
        candidate.actor = work.options.actor;
        (void)work.store.put_candidate(target.build.view, candidate);
    }
}

}  // namespace

const StoreError interrupted_error{StoreError::Kind::io, "interrupted; the old build stays"};

StoreResult<std::vector<Rebuilt>> rebuild(const eventstore::EventStore& log, ViewStore& store,
                                          const std::vector<const View*>& views,
                                          const RebuildOptions& options) {
    auto skips = projections::read_skips(log);
    if (!skips) return std::unexpected(std::move(skips).error());
    Work work{log, store, options, *std::move(skips)};
    const auto cores = std::max<std::size_t>(1, std::thread::hardware_concurrency());
    // Several views are built side by side, a single one in parts.
    if (views.size() == 1) work.parts = options.threads == 0 ? cores : options.threads;
    std::vector<Target> targets;
    for (const View* view : views) {
        auto target = begin(work, *view);
        if (!target) return std::unexpected(std::move(target).error());
        targets.push_back(*std::move(target));
    }
    auto filled = store.begin_bulk();
    if (filled) filled = fill(work, targets);
    if (!filled) {
        leave(work, targets);
        return std::unexpected(std::move(filled).error());
    }
    std::vector<Rebuilt> done;
    std::vector<StoreResult<Rebuilt>> finished(targets.size());
    in_parallel(targets.size(), [&](std::size_t i) { finished[i] = finish(work, targets[i]); });
    for (auto& one : finished) {
        if (!one) return std::unexpected(std::move(one).error());
        done.push_back(*std::move(one));
    }
    if (auto ended = store.end_bulk(); !ended) return std::unexpected(std::move(ended).error());
    return done;
}

}  // namespace yeyak::tools
