#include "api/runtime/view_thread.h"

#include <sys/resource.h>

#include <algorithm>

#include "aggregates/kernel/ensure.h"
#include "api/log.h"
#include "eventstore/tail.h"
#include "projections/registry.h"

namespace yeyak::api {

using eventstore::Position;
using eventstore::StoreResult;

namespace {

// Large enough that a rebuild spends its time on rows, small enough that a live row is soon there.
constexpr std::size_t events_at_once = 2000;
// After so long without news, checkpoints are stored that could wait.
constexpr std::chrono::seconds quiet{1};

}  // namespace

ViewThread::ViewThread(const eventstore::EventStore& store, const Contexts& contexts, Failed failed)
    : store_(store), contexts_(contexts), failed_(std::move(failed)) {}

StoreResult<std::unique_ptr<ViewThread>> ViewThread::start(const eventstore::EventStore& store,
                                                           projections::ViewStore& views,
                                                           const Contexts& contexts,
                                                           Failed failed) {
    std::unique_ptr<ViewThread> self{new ViewThread{store, contexts, std::move(failed)}};
    for (const auto& view : projections::all_views()) {
        auto build = views.active(view->name(), view->version());
        if (!build) return std::unexpected(build.error());
        if (build->generation == 0) {  // first start, or a new version of the projector
            build = views.next_build(view->name());
            if (!build) return std::unexpected(build.error());
            if (auto dropped = views.drop(*build); !dropped)
                return std::unexpected(dropped.error());
            if (auto made = views.activate(*build, view->version()); !made)
                return std::unexpected(made.error());
        }
        auto line = std::make_unique<Line>();
        line->view = view.get();
        line->build = *build;
        const auto checkpoint = views.checkpoint(*build);
        if (!checkpoint) return std::unexpected(checkpoint.error());
        if (*checkpoint > store.head()) {  // the log was restored from an older copy
            log::warning("view_ahead_of_log", {{"view", view->name()}, {"position", *checkpoint}});
            if (auto dropped = views.drop(*build); !dropped)
                return std::unexpected(dropped.error());
        }
        auto builder = view->builder(views, *build);
        if (!builder) return std::unexpected(std::move(builder).error());
        line->builder = *std::move(builder);
        line->position = line->builder->checkpoint();
        line->follower = std::make_unique<eventstore::Follower>(store, line->position);
        self->lines_.push_back(std::move(line));
    }
    self->bell_ = store.tail().add_bell([raw = self.get()](Position) { raw->wake(); });
    self->thread_ = std::thread{[raw = self.get()] { raw->run(); }};
    return self;
}

ViewThread::~ViewThread() {
    store_.tail().remove_bell(bell_);
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    news_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void ViewThread::wake() {
    {
        const std::lock_guard lock{mutex_};
        woken_ = true;
    }
    news_.notify_one();
}

void ViewThread::run() {
    // Writers and answers come first when the cores are busy.
    setpriority(PRIO_PROCESS, 0, 5);
    while (true) {
        bool more = false;
        for (auto& each : lines_) more = advance(*each) || more;
        std::unique_lock lock{mutex_};
        const auto news = [&] { return woken_ || stopping_; };
        if (!stopping_ && !more && !news_.wait_for(lock, quiet, news)) {
            lock.unlock();
            keep_checkpoints();
            lock.lock();
            news_.wait(lock, news);
        }
        if (stopping_) break;
        if (!more) woken_ = false;
    }
    keep_checkpoints();
}

void ViewThread::keep_checkpoints() {
    for (auto& at : lines_)
        if (at->failure.empty())
            if (auto kept = at->builder->apply({}); !kept) fail(*at, kept.error());
}

void ViewThread::fail(Line& at, const eventstore::StoreError& error) {
    {
        const std::lock_guard lock{mutex_};
        at.failure = error.detail;
    }
    failed_(at.view->name(), error);
}

bool ViewThread::advance(Line& at) {
    if (!at.failure.empty() || !contexts_.is_up(at.view->context())) return false;
    const auto events = at.follower->next(events_at_once);
    auto applied = events ? at.builder->apply(*events, projections::Keep::lazily)
                          : std::unexpected(events.error());
    if (!applied) {
        fail(at, applied.error());
        return false;
    }
    if (events->empty()) return false;
    at.position = at.builder->checkpoint();
    std::vector<std::function<void()>> reached;
    {
        const std::lock_guard lock{mutex_};
        auto waiting = waiters_.find(at.view->name());
        if (waiting != waiters_.end()) {
            std::erase_if(waiting->second, [&](Waiter& waiter) {
                if (waiter.position > at.position) return false;
                reached.push_back(std::move(waiter.reached));
                return true;
            });
        }
    }
    for (const auto& callback : reached) callback();
    return true;
}

void ViewThread::wait_for(std::string_view view, Position position, std::function<void()> reached) {
    {
        const std::lock_guard lock{mutex_};
        if (line(view).position < position) {
            waiters_[std::string{view}].push_back({position, std::move(reached)});
            return;
        }
    }
    reached();
}

ViewThread::Line& ViewThread::line(std::string_view view) {
    const auto found =
        std::ranges::find(lines_, view, [](const auto& l) { return l->view->name(); });
    ensure(found != lines_.end(), "the view is registered");
    return **found;
}

const ViewThread::Line& ViewThread::line(std::string_view view) const {
    return const_cast<ViewThread*>(this)->line(view);
}

ViewProgress ViewThread::describe(const Line& at) const {
    return {std::string{at.view->name()}, std::string{at.view->context()}, at.build, at.position,
            at.failure};
}

ViewProgress ViewThread::progress(std::string_view view) const {
    const std::lock_guard lock{mutex_};
    return describe(line(view));
}

std::vector<ViewProgress> ViewThread::progress() const {
    const std::lock_guard lock{mutex_};
    std::vector<ViewProgress> all;
    for (const auto& each : lines_) all.push_back(describe(*each));
    return all;
}

}  // namespace yeyak::api
