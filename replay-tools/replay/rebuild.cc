#include "replay-tools/replay/rebuild.h"

#include <fmt/format.h>

#include <set>
#include <thread>

#include "eventstore/in_parallel.h"
#include "eventstore/log_pages.h"
#include "projections/rebuild/candidates.h"
#include "projections/rebuild/pass.h"
#include "projections/rebuild/switch_note.h"

namespace yeyak::tools {
namespace {

using eventstore::in_parallel;
using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;
using projections::Candidate;
using projections::RebuildPass;
using projections::View;
using projections::ViewStore;

struct Work {
    const eventstore::EventStore& log;
    ViewStore& store;
    const RebuildOptions& options;
    projections::Skips skips;
    std::size_t parts = 1;
};

struct Target {
    const View* view;
    Candidate candidate;
    projections::Generation live;
    std::uint64_t parked = 0;       // of the candidate, once it is complete
    bool live_stands_here = false;  // the live build came to the end of the log, too
};

RebuildPass new_pass(const Work& work, bool logged) {
    projections::PassOptions options;
    options.parts = work.parts;
    options.spread = [](std::size_t count, const auto& piece) { in_parallel(count, piece); };
    options.side_by_side = true;
    options.logged = logged;
    return {work.skips, std::move(options)};
}

// Brings every build of the pass to the end of the log. Answers those that came there and those
// that could not go on; at the first of these it ends unless `others_go_on`.
StoreResult<RebuildPass::Outcome> bring_to_the_end(
    const Work& work, RebuildPass& pass, bool others_go_on,
    const std::function<bool(Position)>& reached = {}) {
    RebuildPass::Outcome all;
    const auto take = [&](RebuildPass::Outcome outcome) {
        for (auto& ready : outcome.hand_over) all.hand_over.push_back(std::move(ready));
        for (auto& failed : outcome.failed) all.failed.push_back(std::move(failed));
        return others_go_on || all.failed.empty();
    };
    const auto head = work.log.head();
    while (!pass.empty()) {
        if (!take(pass.aim([&](const View&) { return head; }))) return all;
        eventstore::LogPages pages{work.log, pass.after(), pass.last(), work.options.batch};
        while (!pass.empty()) {
            const auto page = pages.next();
            if (!page) return std::unexpected(page.error());
            if (page->empty()) break;
            if (!take(pass.step(*page))) return all;
            if (reached && !reached(page->back()->position))
                return std::unexpected(interrupted_error);
        }
    }
    return all;
}

StoreResult<Target> begin(const Work& work, const View& view) {
    auto kept = projections::kept_candidate(work.store, view);
    if (!kept) return std::unexpected(std::move(kept).error());
    if (!*kept) {
        auto made = projections::new_candidate(work.store, view, work.options.actor);
        if (!made) return std::unexpected(std::move(made).error());
        *kept = *std::move(made);
    }
    const auto builds = work.store.builds(view.name());
    if (!builds) return std::unexpected(builds.error());
    return Target{&view, **std::move(kept), builds->live};
}

projections::Build build_of(const Target& target, const projections::Generation& generation) {
    return {std::string{target.view->name()}, generation.number};
}

StoreResult<void> build_candidates(const Work& work, std::vector<Target>& targets) {
    auto pass = new_pass(work, false);
    for (const auto& target : targets) {
        const auto build = build_of(target, target.candidate.generation);
        if (auto added = pass.add(work.store, *target.view, build); !added)
            return std::unexpected(std::move(added).error());
    }
    auto built = bring_to_the_end(work, pass, false, work.options.reached);
    if (!built) return std::unexpected(std::move(built).error());
    if (!built->failed.empty()) return std::unexpected(std::move(built->failed.front().error));
    for (const auto& ready : built->hand_over)
        std::ranges::find(targets, ready.view, &Target::view)->parked = ready.builder->parked();
    return {};
}

// Brings the live builds to the end of the log, so that they can be compared with the new ones.
StoreResult<void> bring_up_live(const Work& work, std::vector<Target>& targets) {
    auto pass = new_pass(work, true);
    for (const auto& target : targets) {
        const auto live = build_of(target, target.live);
        if (target.live.version != target.view->version()) continue;
        const auto position = work.store.checkpoint(live);
        if (!position) return std::unexpected(position.error());
        if (*position > work.log.head()) continue;
        if (auto added = pass.add(work.store, *target.view, live); !added)
            return std::unexpected(std::move(added).error());
    }
    const auto brought = bring_to_the_end(work, pass, true);
    if (!brought) return std::unexpected(brought.error());
    for (const auto& ready : brought->hand_over)
        std::ranges::find(targets, ready.view, &Target::view)->live_stands_here = true;
    return {};
}

StoreResult<Rebuilt> finish(const Work& work, const Target& target) {
    auto& store = work.store;
    Rebuilt done;
    done.view = target.view->name();
    done.generation = target.candidate.generation.number;
    done.parked = target.parked;
    const projections::Comparing how{target.view->version(), target.live_stands_here,
                                     target.live_stands_here};
    const auto compared =
        projections::compare(store.freeze(build_of(target, target.live)),
                             store.freeze(build_of(target, target.candidate.generation)), how);
    if (!compared) return std::unexpected(compared.error());
    const auto& made = compared->candidate;
    done.rows = static_cast<std::int64_t>(made.rows());
    done.digest = eventstore::to_hex(made.digest);
    if (made.position != work.log.head())
        done.refused = projections::Objection{
            "position_differs",
            fmt::format("built up to event {} of {}", made.position, work.log.head())};
    else
        done.refused = objection_to(*compared, how, work.options.accept_differences);
    if (done.refused) {
        // It is not gone on with by itself: what is asked for next decides.
        auto dropped = store.drop_candidate(done.view);
        if (!dropped) return std::unexpected(std::move(dropped).error());
        return done;
    }
    const auto note =
        projections::note_of_switch("rebuilt", work.options.actor, done.generation, made);
    auto flipped = store.flip(done.view, {work.options.now_ms, encode(note)});
    if (flipped) flipped = store.drop_unnamed(done.view);
    if (!flipped) return std::unexpected(std::move(flipped).error());
    return done;
}

StoreResult<std::vector<Rebuilt>> finish(const Work& work, const std::vector<Target>& targets) {
    std::vector<StoreResult<Rebuilt>> finished(targets.size());
    in_parallel(targets.size(), [&](std::size_t i) { finished[i] = finish(work, targets[i]); });
    std::vector<Rebuilt> done;
    for (auto& one : finished) {
        if (!one) return std::unexpected(std::move(one).error());
        done.push_back(*std::move(one));
    }
    return done;
}

// What was built stays for the next run; a server does not go on with it by itself.
void leave(const Work& work, std::vector<Target>& targets) {
    (void)work.store.end_bulk();
    for (auto& target : targets) {
        target.candidate.paused = true;
        target.candidate.accepts_differences = false;
        target.candidate.actor = work.options.actor;
        (void)work.store.put_candidate(target.view->name(), target.candidate);
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
    auto built = store.begin_bulk();
    if (built) built = build_candidates(work, targets);
    if (!built) {
        leave(work, targets);
        return std::unexpected(std::move(built).error());
    }
    if (auto up = bring_up_live(work, targets); !up) return std::unexpected(std::move(up).error());
    auto done = finish(work, targets);
    if (!done) return done;
    if (auto ended = store.end_bulk(); !ended) return std::unexpected(std::move(ended).error());
    return done;
}

}  // namespace yeyak::tools
