// Rebuilds of views while they are served. One thread of lowest priority reads the log once for all
// views that are asked for together (projections/rebuild/pass.h), and hands each candidate over to
// the view thread when it has nearly caught up; there it is kept up to date until it stands where
// the live build stands. Then this thread compares the two (projections/runner/guard.h), and the
// view thread switches when there is no objection. What follows what is told in
// projections/rebuild/job.h.
//
// Candidates are remembered in the view store: after a restart the work goes on where it was.
//
// status() may be called from any thread; what is "of the view thread" as in view_thread.h.
#pragma once
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kernel/ensure.h"
#include "projections/rebuild/job.h"
#include "projections/rebuild/pass.h"
#include "server/rebuild_status.h"
#include "server/view_thread.h"

namespace yeyak::server {

struct RebuildOptions {
    std::uint64_t max_rate = 0;  // events per second that a rebuild reads; 0: as it can
    std::size_t events_at_once = 5000;
    std::size_t threads = 1;
};

class Rebuilds {
  public:
    // All that is given must outlive it; only `known` views are rebuilt.
    Rebuilds(const eventstore::EventStore& store, projections::ViewStore& views,
             const projections::Views& known, RebuildOptions options);
    ~Rebuilds();
    // Goes on with what was under way, and begins what a new version of a projector needs.
    eventstore::StoreResult<void> start(ViewThread& thread);
    // No more work; to be called before the view thread ends.
    void stop();

    std::optional<RebuildStatus> status(std::string_view view) const;

    // --- of the view thread -------------------------------------------------------------------
    // Begins, or goes on with what was refused. False when one is under way already. Views that are
    // wished for together are built in one pass.
    eventstore::StoreResult<bool> begin(const std::vector<RebuildWish>& wishes);
    // False when there is nothing to pause, to resume or to cancel.
    eventstore::StoreResult<bool> pause(std::string_view view, bool paused);
    eventstore::StoreResult<bool> cancel(std::string_view view);
    void take(Comparable comparable);
    void candidate_failed(std::string_view view, const eventstore::StoreError& error);

  private:
    using Job = projections::RebuildJob;
    using SteadyClock = std::chrono::steady_clock;
    struct Pass;

    // --- rebuilds.cc
    const projections::View& view_of(std::string_view name) const;
    eventstore::StoreResult<void> begin(const RebuildWish& wish);
    eventstore::StoreResult<void> remember(const RebuildStatus& status, bool paused);
    void compare(const Comparable& comparable);
    void switch_to(const std::string& view, const projections::ViewDigest& candidate,
                   std::uint64_t live_generation);
    void fail(const std::string& view, const eventstore::StoreError& error);
    // Does `change` with a job that there is, guarded; answers what it answers.
    template <class Change>
    auto with(std::string_view view, Change change);

    // --- rebuild_thread.cc
    void run();
    void build(const std::vector<std::string>& views);
    bool read(Pass& pass);
    void put_down_what_stopped(Pass& pass);
    void carry_out(const Pass& pass, projections::RebuildPass::Outcome outcome);
    void told(const Pass& pass, const projections::RebuildPass::Advanced& advanced);
    void hand_over(projections::RebuildPass::HandedOver ready);
    void leave(const std::string& view);
    eventstore::Position goal_of(const projections::View& view) const;
    std::uint64_t rate() const;
    std::size_t page_size() const;
    bool rest(std::size_t events, SteadyClock::duration worked);

    const eventstore::EventStore& store_;
    projections::ViewStore& views_;
    const projections::Views& known_;
    const RebuildOptions options_;
    ViewThread* thread_ = nullptr;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    std::map<std::string, Job, std::less<>> jobs_;
    std::vector<Comparable> to_compare_;
    std::uint64_t max_rate_ = 0;          // of the pass that is under way
    eventstore::Position last_head_ = 0;  // of the log, when the rebuild thread last looked
    bool stopping_ = false;
    std::thread worker_;
};

template <class Change>
auto Rebuilds::with(std::string_view view, Change change) {
    const std::lock_guard lock{mutex_};
    const auto job = jobs_.find(view);
    ensure(job != jobs_.end(), "what is being rebuilt was begun");
    return change(job->second);
}

}  // namespace yeyak::server
