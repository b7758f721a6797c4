// Rebuilds of views while they are served. One thread of lowest priority reads the log once for all
// views that are asked for together, builds their candidates in large batches, and hands each over
// to the view thread when it has nearly caught up; there it is kept up to date until it stands
// where the live build stands. Then this thread compares the two (projections/runner/guard.h), and
// the view thread switches when there is no objection.
//
//   waiting ─▶ building ─▶ catching_up ─▶ comparing ─▶ switched
//                │  ▲                         └──────▶ refused (the candidate stays; begin again
//              paused                                  with `accepts_differences`, or cancel)
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

#include "projections/runner/guard.h"
#include "server/view_thread.h"

namespace yeyak::server {

enum class RebuildState {
    waiting,
    building,
    paused,
    catching_up,
    comparing,
    refused,
    switched,
    cancelled,
    failed
};
std::string_view name_of(RebuildState state);
// Whether nothing more happens by itself.
bool ended(RebuildState state);

struct RebuildStatus {
    std::string view;
    RebuildState state = RebuildState::waiting;
    std::uint64_t generation = 0;
    std::string actor;
    bool accepts_differences = false;
    eventstore::Position position = 0;
    eventstore::Position goal = 0;
    std::uint64_t events_per_second = 0;
    std::uint64_t rows = 0;    // known from the comparison on
    std::uint64_t parked = 0;  // events that the candidate could not apply
    std::string digest;        // the same
    std::string code;          // why it was refused or failed
    std::string detail;
};

struct RebuildOptions {
    std::uint64_t max_rate = 0;  // events per second that a rebuild reads; 0: as it can
    std::size_t events_at_once = 5000;
    std::size_t threads = 1;
};

class Rebuilds {
  public:
    Rebuilds(const eventstore::EventStore& store, projections::ViewStore& views,
             RebuildOptions options);
    ~Rebuilds();
    // Goes on with what was under way, and begins what a new version of a projector needs.
    eventstore::StoreResult<void> start(ViewThread& thread);
    // No more work; to be called before the view thread ends.
    void stop();

    std::optional<RebuildStatus> status(std::string_view view) const;

    // --- of the view thread -------------------------------------------------------------------
    struct Wish {
        std::string view;
        bool accepts_differences = false;
        std::uint64_t max_rate = 0;  // for the pass that begins with this; 0: as configured
        std::string actor;
    };
    // Begins, or goes on with what was refused. False when one is under way already. Views that are
    // wished for together are built in one pass.
    eventstore::StoreResult<bool> begin(const std::vector<Wish>& wishes);
    // False when there is nothing to pause, to resume or to cancel.
    eventstore::StoreResult<bool> pause(std::string_view view, bool paused);
    eventstore::StoreResult<bool> cancel(std::string_view view);
    void take(Comparable comparable);
    void candidate_failed(std::string_view view, const eventstore::StoreError& error);

  private:
    struct Job {
        RebuildStatus status;
        bool stop = false;  // leave it: paused or cancelled while it is being built
        bool ours = false;  // the rebuild thread has the builder
    };
    struct Building;
    void run();
    void build(std::vector<std::string> views);
    bool fill(std::vector<Building>& group);
    std::size_t page_size() const;
    void apply(Building& one, const std::vector<eventstore::EventPtr>& events);
    void pause_between(std::size_t events, std::chrono::steady_clock::duration worked);
    void hand_over(Building& one);
    void leave(const std::string& view);
    void compare(const Comparable& comparable);
    void switch_to(const std::string& view, const projections::Compared& compared,
                   std::uint64_t live_generation);
    void fail(const std::string& view, const eventstore::StoreError& error);
    void set_state(std::string_view view, RebuildState state);
    eventstore::StoreResult<void> remember(const RebuildStatus& status, bool paused);
    eventstore::StoreResult<std::unique_ptr<projections::Builder>> builder_for(
        const projections::View& view, const projections::Build& build);

    const eventstore::EventStore& store_;
    projections::ViewStore& views_;
    const RebuildOptions options_;
    ViewThread* thread_ = nullptr;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    std::map<std::string, Job, std::less<>> jobs_;
    std::vector<Comparable> to_compare_;
    std::uint64_t max_rate_ = 0;  // of the pass that is under way
    eventstore::Position head_seen_ = 0;
    bool stopping_ = false;
    std::thread worker_;
};

}  // namespace yeyak::server
