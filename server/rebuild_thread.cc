// The rebuild thread: takes the candidates that wait into one pass over the log, rests between the
// pages, and carries out what comes of them.
#include <sys/resource.h>

#include <algorithm>

#include "eventstore/in_parallel.h"
#include "eventstore/log_pages.h"
#include "server/rebuilds.h"

namespace yeyak::server {

using eventstore::Position;
using projections::RebuildPass;

namespace {

// A candidate that lacks no more than this is handed over; the view thread reads the rest.
constexpr Position handed_over_at = 4000;
// With writers about, a rebuild rests after a page as long as the page took, in small pieces.
constexpr std::chrono::milliseconds longest_rest{50};

}  // namespace

struct Rebuilds::Pass {
    RebuildPass builds;
    std::map<std::string, Position, std::less<>> began_at = {};
    SteadyClock::time_point began = SteadyClock::now();
};

void Rebuilds::run() {
    setpriority(PRIO_PROCESS, 0, 15);
    while (true) {
        std::vector<Comparable> to_compare;
        std::vector<std::string> to_build;
        {
            std::unique_lock lock{mutex_};
            const auto waits = [](const auto& job) { return job.second.waits(); };
            news_.wait(lock, [&] {
                return stopping_ || !to_compare_.empty() || std::ranges::any_of(jobs_, waits);
            });
            if (stopping_) return;
            to_compare.swap(to_compare_);
            for (auto& [view, job] : jobs_) {
                if (!to_compare.empty() || !job.waits()) continue;
                job.enter();
                to_build.push_back(view);
            }
        }
        for (const auto& comparable : to_compare) compare(comparable);
        if (!to_build.empty()) build(to_build);
    }
}

void Rebuilds::build(const std::vector<std::string>& views) {
    auto skips = projections::read_skips(store_);
    if (!skips) {
        for (const auto& view : views) fail(view, skips.error());
        return;
    }
    projections::PassOptions options;
    options.parts = options_.threads;
    options.spread = [](std::size_t count, const auto& work) {
        eventstore::in_parallel(count, work);
    };
    options.near = handed_over_at;
    Pass pass{RebuildPass{*std::move(skips), std::move(options)}};
    for (const auto& view : views) {
        const auto added = pass.builds.add(views_, view_of(view), {view, status(view)->generation});
        if (added)
            pass.began_at[view] = *added;
        else
            fail(view, added.error());
    }
    while (!pass.builds.empty() && read(pass)) {
    }
}

// One reading, up to where the live builds stand now. False when the program ends.
bool Rebuilds::read(Pass& pass) {
    auto& builds = pass.builds;
    carry_out(pass, builds.aim([this](const auto& view) { return goal_of(view); }));
    if (builds.empty()) return true;
    eventstore::LogPages pages{store_, builds.after(), builds.last(), page_size()};
    while (true) {
        const auto began = SteadyClock::now();
        const auto page = pages.next();
        if (!page) {
            for (const auto& view : builds.views()) {
                builds.remove(view);
                fail(view, page.error());
            }
            return true;
        }
        put_down_what_stopped(pass);
        if (page->empty() || builds.empty()) return true;
        carry_out(pass, builds.step(*page));
        if (!builds.empty() && !rest(page->size(), SteadyClock::now() - began)) return false;
    }
}

// Where a live build stands is the view thread's to say.
Position Rebuilds::goal_of(const projections::View& view) const {
    const auto live = thread_->progress(view.name());
    return live.stale || !live.failure.empty() ? store_.head() : live.position;
}

// What is paused or cancelled leaves the pass: what was built stays for the next time, or goes.
void Rebuilds::put_down_what_stopped(Pass& pass) {
    for (const auto& view : pass.builds.views()) {
        if (with(view, [](const Job& job) { return job.stays(); })) continue;
        pass.builds.remove(view);
        leave(view);
    }
}

void Rebuilds::leave(const std::string& view) {
    const auto state = with(view, [](Job& job) {
        job.leave();
        return job.state();
    });
    (void)views_.flush();
    if (state != RebuildState::cancelled) return;
    thread_->post([this, view] {
        const auto later = status(view);
        if (later && later->state == RebuildState::cancelled) (void)views_.drop_candidate(view);
    });
}

void Rebuilds::carry_out(const Pass& pass, RebuildPass::Outcome outcome) {
    for (const auto& advanced : outcome.advanced) told(pass, advanced);
    for (const auto& failed : outcome.failed) fail(failed.view, failed.error);
    for (auto& ready : outcome.hand_over) hand_over(std::move(ready));
}

void Rebuilds::told(const Pass& pass, const RebuildPass::Advanced& advanced) {
    const std::chrono::duration<double> seconds = SteadyClock::now() - pass.began;
    const auto events = static_cast<double>(advanced.position - pass.began_at.at(advanced.view));
    const auto a_second = static_cast<std::uint64_t>(events / std::max(seconds.count(), 1e-3));
    with(advanced.view, [&](Job& job) {
        job.advance(advanced.position, store_.head(), advanced.parked, a_second);
    });
}

void Rebuilds::hand_over(RebuildPass::HandedOver ready) {
    const auto& view = ready.build.view;
    const bool handed_over = with(view, [](Job& job) {
        if (!job.stays()) return false;
        job.hand_over();
        return true;
    });
    if (!handed_over) {
        ready.builder.reset();
        return leave(view);
    }
    const auto shared = std::make_shared<RebuildPass::HandedOver>(std::move(ready));
    thread_->post([this, shared] {
        const auto now = status(shared->build.view);
        if (!now || now->state != RebuildState::catching_up) return;
        thread_->adopt(shared->build.view, shared->build, std::move(shared->builder));
    });
}

// Events per second; 0: as it can. Guarded by the caller.
std::uint64_t Rebuilds::rate() const { return max_rate_ != 0 ? max_rate_ : options_.max_rate; }

// Small enough that a bounded rate is even.
std::size_t Rebuilds::page_size() const {
    const std::lock_guard lock{mutex_};
    if (rate() == 0) return options_.events_at_once;
    return std::clamp<std::size_t>(rate() / 10, 1, options_.events_at_once);
}

// False when the program ends.
bool Rebuilds::rest(std::size_t events, SteadyClock::duration worked) {
    const auto head = store_.head();
    const bool writers = head != last_head_;
    last_head_ = head;
    auto rest =
        writers ? std::min<SteadyClock::duration>(worked, longest_rest) : SteadyClock::duration{};
    std::unique_lock lock{mutex_};
    if (rate() != 0) {
        const std::chrono::duration<double> due{static_cast<double>(events) /
                                                static_cast<double>(rate())};
        rest = std::max(rest, std::chrono::duration_cast<SteadyClock::duration>(due) - worked);
    }
    const auto left = [](const auto& job) { return job.second.is_held() && !job.second.stays(); };
    if (rest > SteadyClock::duration{})
        news_.wait_for(lock, rest, [&] { return stopping_ || std::ranges::any_of(jobs_, left); });
    return !stopping_;
}

}  // namespace yeyak::server
