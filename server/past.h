// Reads the past: views as of an earlier position, and the histories of rows. One thread of low
// priority does one piece of work after the other, so that reading the past never holds up the I/O
// threads or the live views, and takes one core at most.
//
// A view as of a position is built aside, in a folder of its own under `folder`, with the events of
// its categories. The newest builds used are kept; a later position goes on from a copy (hard
// links) of the nearest build before it. A build that somebody reads lives on until it is let go.
// The folder is removed at start and at the end.
//
// Bounds: max_builds kept, max_waiting pieces of work, max_events of the log for one piece; beyond
// them the answer is a PastError and nothing was begun.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "eventstore/event_store.h"
#include "server/history.h"
#include "server/past_error.h"

namespace yeyak::server {

struct PastOptions {
    std::filesystem::path folder;
    std::size_t max_builds = 8;
    std::size_t max_waiting = 16;
    std::uint64_t max_events = 2'000'000;
    int max_open_files = -1;  // of each build
};

// One view as it was after the event at `position`. Removes its folder when nobody holds it.
class PastView {
  public:
    PastView(std::filesystem::path folder, projections::Build build, eventstore::Position position);
    ~PastView();
    PastView(const PastView&) = delete;
    PastView& operator=(const PastView&) = delete;

    const projections::ViewStore& store() const { return *store_; }
    const projections::Build& build() const { return build_; }
    eventstore::Position position() const { return position_; }

  private:
    friend class Past;
    std::filesystem::path folder_;
    projections::Build build_;
    eventstore::Position position_;
    std::size_t skips_ = 0;  // how many events the view went on without
    std::unique_ptr<projections::ViewStore> store_;
};
using PastViewPtr = std::shared_ptr<const PastView>;

class Past {
  public:
    // The store outlives this object.
    Past(const eventstore::EventStore& log, PastOptions options);
    // What still waits is answered with `failed`.
    ~Past();
    Past(const Past&) = delete;
    Past& operator=(const Past&) = delete;

    template <class T>
    using Done = std::move_only_function<void(PastResult<T>)>;
    // Calls `done` once: here when there is nothing to do, otherwise on the thread of this object.
    // `position` is at most the head of the log.
    void view_at(const projections::View& view, eventstore::Position position,
                 Done<PastViewPtr> done);
    void history(HistoryCall call, Done<HistoryPage> done);

    std::size_t builds() const;  // kept now

  private:
    using Work = std::move_only_function<void(bool stopping)>;
    bool submit(Work work);
    void run();
    // The kept build at `position` or, failing that, the nearest before it.
    PastViewPtr nearest(std::string_view view, eventstore::Position position) const;
    PastResult<PastViewPtr> build(const projections::View& view, eventstore::Position position);
    PastResult<HistoryPage> read_history(const HistoryCall& call);
    void keep(PastViewPtr built);

    const eventstore::EventStore& log_;
    const PastOptions options_;
    std::uint64_t next_folder_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    mutable std::list<PastViewPtr> kept_;  // the last one used first
    std::deque<Work> waiting_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace yeyak::server
