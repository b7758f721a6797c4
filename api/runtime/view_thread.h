// Keeps all views up to date: one thread of low priority follows the log and brings each view
// forward, each with its own checkpoint, so that one that is stopped (its context is down) or has
// failed does not hold up the others. It catches up from where it was, also across restarts.
//
// advance() and wait_for() may be called from any thread.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "aggregates/engine/contexts.h"
#include "eventstore/event_store.h"
#include "eventstore/follower.h"
#include "projections/runner/projector.h"

namespace yeyak::api {

struct ViewProgress {
    std::string name;
    std::string context;
    projections::Build build;
    eventstore::Position position = 0;
    std::string failure;  // why it stands still; empty when it does not
};

class ViewThread {
  public:
    using Failed = std::function<void(std::string_view view, const eventstore::StoreError&)>;

    // Opens the builds of the views; everything given must outlive the thread.
    static eventstore::StoreResult<std::unique_ptr<ViewThread>> start(
        const eventstore::EventStore& store, projections::ViewStore& views,
        const Contexts& contexts, Failed failed);
    ~ViewThread();

    std::vector<ViewProgress> progress() const;
    ViewProgress progress(std::string_view view) const;

    // Calls `reached` once the view has applied `position`: at once, here, when it already has,
    // otherwise on the view thread, which it must not hold up.
    void wait_for(std::string_view view, eventstore::Position position,
                  std::function<void()> reached);
    // A context came up, or there is news: look again.
    void wake();

  private:
    struct Line {
        const projections::View* view;
        projections::Build build;
        std::unique_ptr<projections::Builder> builder;
        std::unique_ptr<eventstore::Follower> follower;
        std::atomic<eventstore::Position> position{0};
        std::string failure;
    };
    struct Waiter {
        eventstore::Position position;
        std::function<void()> reached;
    };
    ViewThread(const eventstore::EventStore& store, const Contexts& contexts, Failed failed);
    void run();
    bool advance(Line& line);
    // Stores the checkpoints that no row has changed with.
    void keep_checkpoints();
    void fail(Line& line, const eventstore::StoreError& error);
    Line& line(std::string_view view);
    const Line& line(std::string_view view) const;
    ViewProgress describe(const Line& line) const;

    const eventstore::EventStore& store_;
    const Contexts& contexts_;
    Failed failed_;
    std::vector<std::unique_ptr<Line>> lines_;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    bool woken_ = false;
    bool stopping_ = false;
    std::map<std::string, std::vector<Waiter>, std::less<>> waiters_;
    std::size_t bell_ = 0;
    std::thread thread_;
};

}  // namespace yeyak::api
