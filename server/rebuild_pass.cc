// One pass over the log for the candidates of several views, on the rebuild thread.
#include <sys/resource.h>

#include <algorithm>

#include "eventstore/in_parallel.h"
#include "eventstore/log_pages.h"
#include "projections/registry.h"
#include "server/rebuilds.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreResult;
using projections::Build;

namespace {

using SteadyClock = std::chrono::steady_clock;

// A candidate that lacks no more than this is handed over; the view thread reads the rest.
constexpr Position handed_over_at = 4000;
// With writers about, a rebuild rests after a batch as long as the batch took, in small pieces.
constexpr std::chrono::milliseconds longest_rest{50};

}  // namespace

struct Rebuilds::Building {
    std::string view;
    const projections::View* projector;
    Build build;
    std::unique_ptr<projections::Builder> builder;  // null: it has left the pass
    SteadyClock::time_point began = SteadyClock::now();
    Position began_at = 0;
};

void Rebuilds::run() {
    setpriority(PRIO_PROCESS, 0, 15);
    while (true) {
        std::vector<Comparable> to_compare;
        std::vector<std::string> to_build;
        {
            std::unique_lock lock{mutex_};
            const auto waits = [](const auto& job) {
                return job.second.status.state == RebuildState::waiting;
            };
            news_.wait(lock, [&] {
                return stopping_ || !to_compare_.empty() || std::ranges::any_of(jobs_, waits);
            });
            if (stopping_) return;
            to_compare.swap(to_compare_);
            if (to_compare.empty())
                for (auto& [view, job] : jobs_)
                    if (job.status.state == RebuildState::waiting) {
                        job.status.state = RebuildState::building;
                        job.stop = false;
                        job.ours = true;
                        to_build.push_back(view);
                    }
        }
        for (const auto& comparable : to_compare) compare(comparable);
        if (!to_build.empty()) build(std::move(to_build));
    }
}

StoreResult<std::unique_ptr<projections::Builder>> Rebuilds::builder_for(
    const projections::View& view, const Build& build) {
    projections::BuildHow how;
    how.parts = options_.threads;
    how.spread = [](std::size_t count, const auto& work) { eventstore::in_parallel(count, work); };
    how.logged = false;
    const auto skips = projections::read_skips(store_);
    if (!skips) return std::unexpected(skips.error());
    if (const auto own = skips->find(view.name()); own != skips->end()) how.skipped = own->second;
    return view.builder(views_, build, std::move(how));
}

void Rebuilds::build(std::vector<std::string> views) {
    std::vector<Building> group;
    for (auto& view : views) {
        Building one;
        one.projector = projections::find_view(view);
        one.build = {view, status(view)->generation};
        one.view = std::move(view);
        auto builder = builder_for(*one.projector, one.build);
        if (!builder) {
            fail(one.view, builder.error());
            continue;
        }
        one.builder = *std::move(builder);
        one.began_at = one.builder->checkpoint();
        group.push_back(std::move(one));
    }
    while (fill(group)) {
    }
}

// One reading up to where the live builds stand now. False when nothing is left to build.
bool Rebuilds::fill(std::vector<Building>& group) {
    std::erase_if(group, [](const auto& one) { return !one.builder; });
    if (group.empty()) return false;
    std::vector<Position> goals;
    for (const auto& one : group) {
        // Where a live build stands is the view thread's to say.
        const auto live = thread_->progress(one.view);
        goals.push_back(live.stale || !live.failure.empty() ? store_.head() : live.position);
    }
    Position from = *std::ranges::max_element(goals);
    const Position last = from;
    for (const auto& one : group) from = std::min(from, one.builder->checkpoint());
    eventstore::LogPages pages{store_, from, last, page_size()};
    bool any = false;
    while (true) {
        const auto began = SteadyClock::now();
        const auto events = pages.next();
        if (!events) {
            for (auto& one : group) fail(one.view, events.error());
            group.clear();
            return false;
        }
        if (events->empty()) break;
        for (std::size_t i = 0; i < group.size(); ++i) {
            auto& one = group[i];
            if (!one.builder || one.builder->checkpoint() >= goals[i]) continue;
            any = true;
            const auto beyond = std::ranges::upper_bound(
                *events, goals[i], {}, [](const auto& event) { return event->position; });
            apply(one, {events->begin(), beyond});
        }
        if (std::ranges::none_of(group, [](const auto& one) { return !!one.builder; })) break;
        pause_between(events->size(), SteadyClock::now() - began);
        const std::lock_guard lock{mutex_};
        if (stopping_) {
            group.clear();
            return false;
        }
    }
    for (auto& one : group) {
        if (!one.builder) continue;
        const auto live = thread_->progress(one.view);
        const auto goal = live.stale || !live.failure.empty() ? store_.head() : live.position;
        if (!any || one.builder->checkpoint() + handed_over_at >= goal) hand_over(one);
    }
    return true;
}

// Small enough that a bounded rate is even.
std::size_t Rebuilds::page_size() const {
    const std::lock_guard lock{mutex_};
    const auto rate = max_rate_ != 0 ? max_rate_ : options_.max_rate;
    if (rate == 0) return options_.events_at_once;
    return std::clamp<std::size_t>(rate / 10, 1, options_.events_at_once);
}

void Rebuilds::apply(Building& one, const std::vector<eventstore::EventPtr>& events) {
    {
        const std::lock_guard lock{mutex_};
        auto& job = jobs_[one.view];
        if (job.stop) {
            one.builder.reset();
            job.ours = false;
        } else {
            job.status.state = RebuildState::building;  // also when it was paused for a moment
        }
    }
    if (!one.builder) return leave(one.view);
    projections::Builder::Events given;
    for (const auto& event : events)
        if (event->position > one.builder->checkpoint() &&
            one.projector->reads(eventstore::category_of(event->stream)))
            given.push_back(event.get());
    const auto through =
        std::max(one.builder->checkpoint(), events.empty() ? Position{0} : events.back()->position);
    const auto applied = one.builder->advance(given, through, projections::Keep::now);
    if (!applied) {
        one.builder.reset();
        return fail(one.view, applied.error());
    }
    const std::chrono::duration<double> seconds = SteadyClock::now() - one.began;
    const std::lock_guard lock{mutex_};
    auto& status = jobs_[one.view].status;
    status.position = through;
    status.goal = store_.head();
    status.parked = one.builder->parked();
    status.events_per_second = static_cast<std::uint64_t>(
        static_cast<double>(through - one.began_at) / std::max(seconds.count(), 1e-3));
}

// Paused or cancelled: what was built stays for the next time, or goes.
void Rebuilds::leave(const std::string& view) {
    (void)views_.flush();
    const auto now = status(view);
    if (!now || now->state != RebuildState::cancelled) return;
    thread_->post([this, view] {
        const auto later = status(view);
        if (later && later->state == RebuildState::cancelled) (void)views_.drop_candidate(view);
    });
}

void Rebuilds::pause_between(std::size_t events, SteadyClock::duration worked) {
    const auto head = store_.head();
    const bool writers = std::exchange(head_seen_, head) != head;
    auto rest =
        writers ? std::min<SteadyClock::duration>(worked, longest_rest) : SteadyClock::duration{};
    std::unique_lock lock{mutex_};
    const auto rate = max_rate_ != 0 ? max_rate_ : options_.max_rate;
    if (rate != 0) {
        const std::chrono::duration<double> due{static_cast<double>(events) /
                                                static_cast<double>(rate)};
        rest = std::max(rest, std::chrono::duration_cast<SteadyClock::duration>(due) - worked);
    }
    const auto left = [](const auto& job) { return job.second.ours && job.second.stop; };
    if (rest > SteadyClock::duration{})
        news_.wait_for(lock, rest, [&] { return stopping_ || std::ranges::any_of(jobs_, left); });
}

void Rebuilds::hand_over(Building& one) {
    if (auto durable = one.builder->begin_logging(); !durable) {
        one.builder.reset();
        return fail(one.view, durable.error());
    }
    {
        const std::lock_guard lock{mutex_};
        auto& job = jobs_[one.view];
        job.ours = false;
        if (job.stop) one.builder.reset();
        if (!job.stop) job.status.state = RebuildState::catching_up;
    }
    if (!one.builder) return leave(one.view);
    const auto shared =
        std::make_shared<std::unique_ptr<projections::Builder>>(std::move(one.builder));
    thread_->post([this, shared, view = one.view, build = one.build] {
        const auto now = status(view);
        if (!now || now->state != RebuildState::catching_up) return;
        thread_->adopt(view, build, std::move(*shared));
    });
}

}  // namespace yeyak::server
