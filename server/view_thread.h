// Keeps all views up to date: one thread of low priority follows the log and brings each build
// forward, each with its own checkpoint, so that one that is stopped (its context is down) or has
// failed does not hold up the others. It catches up from where it was, also across restarts. Builds
// that stand at the same position are fed from one reading of the log, and a view is only given the
// events that it reads.
//
// Besides the live build it keeps the previous one (for rollback()) and a candidate (from adopt()
// on). It alone switches: between two batches, in one batch of the view store.
//
// What is said to be "of the view thread" is called in work given to post().
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "aggregates/engine/contexts.h"
#include "eventstore/event_store.h"
#include "projections/rebuild/skips.h"
#include "server/view_progress.h"
#include "server/view_state.h"

namespace yeyak::server {

// A candidate and the live build of a view as they stood between two batches.
struct Comparable {
    std::string view;
    projections::ViewStore::Frozen live;
    projections::ViewStore::Frozen candidate;
    bool same_version = false;
    bool same_position = false;  // false: the live build stands still, there is no same position
};

struct ViewThreadOptions {
    std::function<std::int64_t()> now_ms;
    std::chrono::seconds keep_previous{3600};
    // All are called on the view thread and must not hold it up.
    std::function<void(std::string_view view, const eventstore::StoreError&)> failed;
    std::function<void(Comparable)> comparable;
    std::function<void(std::string_view view, const eventstore::StoreError&)> candidate_failed;
    std::function<void()> noted;  // there is a note about a switch to be told in the log
};

class ViewThread {
  public:
    // Opens the builds of the `known` views; everything given must outlive the thread.
    static eventstore::StoreResult<std::unique_ptr<ViewThread>> start(
        const eventstore::EventStore& store, projections::ViewStore& views,
        const projections::Views& known, const Contexts& contexts, ViewThreadOptions options);
    ~ViewThread();

    std::vector<ViewProgress> progress() const;
    ViewProgress progress(std::string_view view) const;

    // Calls `reached` once the view has applied `position`: at once, here, when it already has,
    // otherwise on the view thread, which it must not hold up.
    void wait_for(std::string_view view, eventstore::Position position,
                  std::function<void()> reached);
    // A context came up, or there is news: look again.
    void wake();
    // Does `work` on the view thread, between two batches. Work that is still waiting when the
    // thread ends is not done.
    void post(std::function<void()> work);

    // --- of the view thread -------------------------------------------------------------------
    // A candidate is kept up to date from now on, beside the live build.
    void adopt(std::string_view view, const projections::Build& build,
               std::unique_ptr<projections::Builder> builder);
    // Ends what adopt() began. The build itself stays.
    void give_up(std::string_view view);
    // The candidate is to be compared again.
    void compare_again(std::string_view view);
    // Readers see the candidate from now on; `note` as ViewStore::Switch has it. False when it must
    // be compared again, because the live build is not the one it was compared with.
    eventstore::StoreResult<bool> flip(std::string_view view, std::uint64_t compared_with,
                                       std::string note);
    // Readers see the previous build again. False when there is none.
    eventstore::StoreResult<bool> roll_back(
        std::string_view view, const std::function<std::string(const BuildState&)>& note);

    // Tries the parked events of all builds of a view again; only those of `stream` unless it is
    // empty. Answers how many of the live build are parked no longer.
    eventstore::StoreResult<std::uint64_t> retry(std::string_view view, std::string_view stream);
    // Goes on without an event, in all builds of the view and in those to come.
    eventstore::StoreResult<std::uint64_t> skip(std::string_view view,
                                                const projections::ParkedEvent& event);
    // What is to be skipped in a build of the view.
    const std::set<eventstore::Position>& skips_of(std::string_view view) const;

  private:
    struct Waiter {
        eventstore::Position position;
        std::function<void()> reached;
    };
    using Group = std::vector<std::pair<ViewState*, BuildState*>>;

    ViewThread(const eventstore::EventStore& store, projections::ViewStore& views,
               const Contexts& contexts, ViewThreadOptions options);
    eventstore::StoreResult<void> open(const projections::Views& known);
    eventstore::StoreResult<void> open(ViewState& state);
    eventstore::StoreResult<BuildState> open_build(const ViewState& state,
                                                   const projections::Generation& of);
    void run();
    bool do_posted();
    bool advance();
    std::map<eventstore::Position, Group> groups();
    bool advance(const Group& group, eventstore::Position from, std::size_t most);
    void advance(ViewState& state, BuildState& build, eventstore::Position through);
    void distribute(const std::vector<eventstore::EventPtr>& events);
    void tell_reached(ViewState& state);
    void offer_candidates();
    void expire();
    // Stores the checkpoints that no row has changed with.
    void keep_checkpoints();
    void fail(ViewState& state, BuildState& build, const eventstore::StoreError& error);
    void retire(std::unique_ptr<BuildState> build);
    void make_live(ViewState& state, BuildState next);
    eventstore::StoreResult<std::uint64_t> retry(ViewState& state, BuildState& build,
                                                 std::string_view stream);
    ViewState& state_of(std::string_view view);
    const ViewState& state_of(std::string_view view) const;
    ViewProgress describe(const ViewState& state) const;

    const eventstore::EventStore& store_;
    projections::ViewStore& views_;
    const Contexts& contexts_;
    ViewThreadOptions options_;
    projections::Skips skips_;
    std::vector<std::unique_ptr<ViewState>> states_;
    // Which views read a category, by number; filled as categories come.
    std::map<std::string, std::vector<std::size_t>, std::less<>> readers_;
    std::vector<projections::Builder::Events> given_;   // of the batch at hand, by view
    std::vector<std::unique_ptr<BuildState>> retired_;  // to be dropped once nobody reads them
    mutable std::mutex mutex_;
    std::condition_variable news_;
    std::vector<std::function<void()>> posted_;
    bool woken_ = false;
    bool stopping_ = false;
    std::map<std::string, std::vector<Waiter>, std::less<>> waiters_;
    std::size_t bell_ = 0;
    std::thread thread_;
};

}  // namespace yeyak::server
