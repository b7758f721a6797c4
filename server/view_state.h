// One view as the view thread keeps it: its builds and how far each has come.
#pragma once
#include <atomic>
#include <memory>
#include <string>

#include "projections/runner/projector.h"
#include "server/view_progress.h"

namespace yeyak::server {

// A build of a view and, when this program can go on with it, its builder.
struct BuildState {
    BuildLease lease;
    std::uint32_t version = 0;  // of the projector that built it
    std::unique_ptr<projections::Builder> builder;
    eventstore::Position position = 0;
};

struct ViewState {
    const projections::View* view = nullptr;
    std::size_t number = 0;  // among all views
    // Read and replaced under the view thread's mutex; the rest is the view thread's own.
    BuildState live;
    std::atomic<eventstore::Position> position{0};  // of the live build
    std::atomic<std::uint64_t> parked{0};           // events of the live build
    std::string failure;                            // why it stands still
    projections::Generation previous_generation;
    std::int64_t switched_ms = 0;

    std::unique_ptr<BuildState> previous;
    std::unique_ptr<BuildState> candidate;  // kept up to date here, once it has nearly caught up
    bool candidate_told = false;            // its owner knows that it can be compared

    // Built by another version of the projector, so that this program cannot go on with it.
    bool stale() const { return !live.builder; }
    // Whether the candidate need not stand where the live build stands.
    bool unmatched() const { return stale() || !failure.empty(); }
};

// Calls `work` with every build of the view that can go on, the live one first. It may take the
// build that it was called with away from the view.
template <class Work>
void for_each_open(ViewState& at, Work work) {
    for (auto* build : {&at.live, at.previous.get(), at.candidate.get()})
        if (build && build->builder && (build != &at.live || at.failure.empty())) work(*build);
}

}  // namespace yeyak::server
