#include "server/view_thread.h"

#include <sys/resource.h>

#include <algorithm>

#include "eventstore/follower.h"
#include "eventstore/tail.h"
#include "kernel/edge/log.h"
#include "kernel/ensure.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreResult;

namespace {

// Large enough that catching up spends its time on rows, small enough that a live row is soon
// there.
constexpr std::size_t events_at_once = 2000;
// After so long without news, checkpoints are stored that could wait.
constexpr std::chrono::seconds quiet{1};

}  // namespace

ViewThread::ViewThread(const eventstore::EventStore& store, projections::ViewStore& views,
                       const Contexts& contexts, ViewThreadOptions options)
    : store_(store), views_(views), contexts_(contexts), options_(std::move(options)) {}

ViewThread::~ViewThread() {
    if (!thread_.joinable()) return;  // it never began
    store_.tail().remove_bell(bell_);
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    news_.notify_one();
    thread_.join();
}

void ViewThread::wake() {
    {
        const std::lock_guard lock{mutex_};
        woken_ = true;
    }
    news_.notify_one();
}

void ViewThread::post(std::function<void()> work) {
    {
        const std::lock_guard lock{mutex_};
        posted_.push_back(std::move(work));
        woken_ = true;
    }
    news_.notify_one();
}

bool ViewThread::do_posted() {
    std::vector<std::function<void()>> work;
    {
        const std::lock_guard lock{mutex_};
        work.swap(posted_);
    }
    for (const auto& job : work) job();
    return !work.empty();
}

void ViewThread::run() {
    // Writers and answers come first when the cores are busy.
    setpriority(PRIO_PROCESS, 0, 5);
    while (true) {
        bool more = do_posted();
        more = advance() || more;
        offer_candidates();
        expire();
        std::unique_lock lock{mutex_};
        const auto news = [&] { return woken_ || stopping_; };
        if (!stopping_ && !more && !news_.wait_for(lock, quiet, news)) {
            lock.unlock();
            keep_checkpoints();
            lock.lock();
            // What expires is looked for from time to time.
            news_.wait_for(lock, std::chrono::seconds{30}, news);
        }
        if (stopping_) break;
        if (!more) woken_ = false;
    }
    keep_checkpoints();
}

void ViewThread::keep_checkpoints() {
    for (auto& at : states_)
        for_each_open(*at, [&](BuildState& build) {
            const auto through = build.builder->checkpoint();
            const auto kept = build.builder->advance({}, through, projections::Keep::now);
            if (!kept) fail(*at, build, kept.error());
        });
}

void ViewThread::fail(ViewState& at, BuildState& failed, const eventstore::StoreError& error) {
    if (&failed == &at.live) {
        {
            const std::lock_guard lock{mutex_};
            at.failure = error.detail;
        }
        options_.failed(at.view->name(), error);
    } else if (&failed == at.candidate.get()) {
        at.candidate.reset();
        options_.candidate_failed(at.view->name(), error);
    } else {  // readers never saw what failed, and there is no way back to it any more
        log::warning("previous_build_lost", {{"view", at.view->name()}, {"detail", error.detail}});
        at.previous->builder.reset();
    }
}

// The builds that can go on, by where they stand.
std::map<Position, ViewThread::Group> ViewThread::groups() {
    std::map<Position, Group> by_position;
    for (auto& each : states_) {
        auto& at = *each;
        const bool up = contexts_.is_up(at.view->context());
        const bool live = up && !at.unmatched();
        if (live) by_position[at.live.position].emplace_back(&at, &at.live);
        if (auto* previous = at.previous.get(); previous && previous->builder && up)
            by_position[previous->position].emplace_back(&at, previous);
        // A candidate goes as far as the live build, which it will be compared with.
        if (auto* next = at.candidate.get())
            if (live || at.unmatched() || next->position < at.live.position)
                by_position[next->position].emplace_back(&at, next);
    }
    return by_position;
}

bool ViewThread::advance() {
    bool more = false;
    const auto by_position = groups();
    for (auto group = by_position.begin(); group != by_position.end(); ++group) {
        // Up to where the next ones stand: from there on they are read for together.
        auto most = static_cast<Position>(events_at_once);
        if (const auto next = std::next(group); next != by_position.end())
            most = std::min(most, next->first - group->first);
        for (const auto& [at, build] : group->second) {
            const bool stands = at->live.position > group->first;
            if (build == at->candidate.get() && stands && !at->unmatched())
                most = std::min(most, at->live.position - group->first);
        }
        more = advance(group->second, group->first, static_cast<std::size_t>(most)) || more;
    }
    return more;
}

bool ViewThread::advance(const Group& group, Position from, std::size_t most) {
    const auto events = eventstore::Follower{store_, from}.next(most);
    if (!events) {
        for (const auto& [at, build] : group) fail(*at, *build, events.error());
        return false;
    }
    if (events->empty()) return false;
    distribute(*events);
    for (const auto& [at, build] : group) advance(*at, *build, events->back()->position);
    return true;
}

void ViewThread::distribute(const std::vector<eventstore::EventPtr>& events) {
    for (auto& given : given_) given.clear();
    for (const auto& event : events) {
        const auto category = eventstore::category_of(event->stream);
        auto readers = readers_.find(category);
        if (readers == readers_.end()) {
            std::vector<std::size_t> numbers;
            for (const auto& at : states_)
                if (at->view->reads(category)) numbers.push_back(at->number);
            // Other programs make up categories as they like; those are looked up every time.
            if (readers_.size() > 1000) readers_.clear();
            readers = readers_.emplace(category, std::move(numbers)).first;
        }
        for (const auto number : readers->second) given_[number].push_back(event.get());
    }
}

void ViewThread::advance(ViewState& at, BuildState& build, Position through) {
    const auto applied =
        build.builder->advance(given_[at.number], through, projections::Keep::lazily);
    if (!applied) return fail(at, build, applied.error());
    build.position = through;
    if (&build != &at.live) return;
    at.parked = build.builder->parked();
    at.position = through;
    tell_reached(at);
}

void ViewThread::tell_reached(ViewState& at) {
    std::vector<std::function<void()>> reached;
    {
        const std::lock_guard lock{mutex_};
        auto waiting = waiters_.find(at.view->name());
        if (waiting == waiters_.end()) return;
        std::erase_if(waiting->second, [&](Waiter& waiter) {
            if (waiter.position > at.position) return false;
            reached.push_back(std::move(waiter.reached));
            return true;
        });
    }
    for (const auto& callback : reached) callback();
}

void ViewThread::wait_for(std::string_view view, Position position, std::function<void()> reached) {
    {
        const std::lock_guard lock{mutex_};
        if (state_of(view).position < position) {
            waiters_[std::string{view}].push_back({position, std::move(reached)});
            return;
        }
    }
    reached();
}

ViewState& ViewThread::state_of(std::string_view view) {
    const auto found =
        std::ranges::find(states_, view, [](const auto& l) { return l->view->name(); });
    ensure(found != states_.end(), "the view is registered");
    return **found;
}

const ViewState& ViewThread::state_of(std::string_view view) const {
    return const_cast<ViewThread*>(this)->state_of(view);
}

ViewProgress ViewThread::describe(const ViewState& at) const {
    ViewProgress progress;
    progress.name = at.view->name();
    progress.context = at.view->context();
    progress.build = *at.live.lease;
    progress.position = at.position;
    progress.failure = at.failure;
    progress.stale = at.live.version != at.view->version();
    progress.parked = at.parked;
    progress.previous = at.previous_generation;
    progress.switched_ms = at.switched_ms;
    progress.lease = at.live.lease;
    return progress;
}

ViewProgress ViewThread::progress(std::string_view view) const {
    const std::lock_guard lock{mutex_};
    return describe(state_of(view));
}

std::vector<ViewProgress> ViewThread::progress() const {
    const std::lock_guard lock{mutex_};
    std::vector<ViewProgress> all;
    for (const auto& each : states_) all.push_back(describe(*each));
    return all;
}

}  // namespace yeyak::server
