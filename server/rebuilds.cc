#include "server/rebuilds.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>

#include "kernel/edge/log.h"
#include "kernel/ensure.h"
#include "projections/rebuild/switch_note.h"
#include "projections/registry.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;
using projections::Build;

std::string_view name_of(RebuildState state) {
    constexpr std::array<std::string_view, 9> names{"waiting",     "building",  "paused",
                                                    "catching_up", "comparing", "refused",
                                                    "switched",    "cancelled", "failed"};
    return names.at(static_cast<std::size_t>(state));
}

bool ended(RebuildState state) {
    return state == RebuildState::switched || state == RebuildState::cancelled ||
           state == RebuildState::failed;
}

Rebuilds::Rebuilds(const eventstore::EventStore& store, projections::ViewStore& views,
                   RebuildOptions options)
    : store_(store), views_(views), options_(options) {}

Rebuilds::~Rebuilds() { stop(); }

void Rebuilds::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    news_.notify_all();
    if (worker_.joinable()) worker_.join();
}

StoreResult<void> Rebuilds::start(ViewThread& thread) {
    thread_ = &thread;
    for (const auto& view : projections::all_views()) {
        const auto name = view->name();
        const auto builds = views_.builds(name);
        if (!builds) return std::unexpected(builds.error());
        auto candidate = builds->candidate;
        if (candidate && candidate->generation.version != view->version()) {
            if (auto dropped = views_.drop_candidate(name); !dropped) return dropped;
            candidate.reset();
        }
        RebuildStatus status;
        status.view = name;
        if (candidate) {
            status.generation = candidate->generation.number;
            status.actor = candidate->actor;
            status.accepts_differences = candidate->accepts_differences;
        } else if (builds->live.version != view->version() &&
                   builds->refused_version != view->version()) {
            status.generation = views_.next_build(name)->generation;
            status.actor = "system";
            if (auto kept = remember(status, false); !kept) return kept;
        } else {
            continue;
        }
        if (candidate && candidate->paused) status.state = RebuildState::paused;
        jobs_[status.view].status = status;
        log::info("rebuild_goes_on", {{"view", name}, {"generation", status.generation}});
    }
    worker_ = std::thread{[this] { run(); }};
    return {};
}

StoreResult<void> Rebuilds::remember(const RebuildStatus& status, bool paused) {
    projections::Candidate candidate;
    candidate.generation = {status.generation, projections::find_view(status.view)->version()};
    candidate.paused = paused;
    candidate.accepts_differences = status.accepts_differences;
    candidate.actor = status.actor;
    return views_.put_candidate(status.view, candidate);
}

std::optional<RebuildStatus> Rebuilds::status(std::string_view view) const {
    const std::lock_guard lock{mutex_};
    const auto job = jobs_.find(view);
    if (job == jobs_.end()) return std::nullopt;
    return job->second.status;
}

void Rebuilds::set_state(std::string_view view, RebuildState state) {
    const std::lock_guard lock{mutex_};
    if (const auto job = jobs_.find(view); job != jobs_.end()) job->second.status.state = state;
}

StoreResult<bool> Rebuilds::begin(const std::vector<Wish>& wishes) {
    for (const auto& wish : wishes) {
        const auto known = status(wish.view);
        if (known && !ended(known->state) && known->state != RebuildState::refused) return false;
        const std::lock_guard lock{mutex_};
        if (const auto job = jobs_.find(wish.view); job != jobs_.end() && job->second.ours)
            return false;  // a cancelled one, not yet put down
    }
    for (const auto& wish : wishes) {
        RebuildStatus next;
        const auto known = status(wish.view);
        const bool again = known && known->state == RebuildState::refused;
        if (again) next = *known;
        next.view = wish.view;
        next.actor = wish.actor;
        next.accepts_differences = wish.accepts_differences;
        next.code.clear();
        next.detail.clear();
        next.state = again ? RebuildState::catching_up : RebuildState::waiting;
        if (!again) {
            if (auto dropped = views_.drop_candidate(wish.view); !dropped)
                return std::unexpected(std::move(dropped).error());
            const auto build = views_.next_build(wish.view);
            if (!build) return std::unexpected(build.error());
            next.generation = build->generation;
        }
        if (auto kept = remember(next, false); !kept)
            return std::unexpected(std::move(kept).error());
        if (again) thread_->compare_again(wish.view);
        const std::lock_guard lock{mutex_};
        jobs_[wish.view] = {next};
        max_rate_ = wish.max_rate;
    }
    news_.notify_all();
    return true;
}

StoreResult<bool> Rebuilds::pause(std::string_view view, bool paused) {
    {
        const std::lock_guard lock{mutex_};
        const auto job = jobs_.find(view);
        if (job == jobs_.end()) return false;
        auto& status = job->second.status;
        const bool fits =
            paused ? status.state == RebuildState::waiting || status.state == RebuildState::building
                   : status.state == RebuildState::paused;
        if (!fits) return false;
        if (auto kept = remember(status, paused); !kept)
            return std::unexpected(std::move(kept).error());
        job->second.stop = paused;
        status.state = paused ? RebuildState::paused : RebuildState::waiting;
    }
    news_.notify_all();
    return true;
}

StoreResult<bool> Rebuilds::cancel(std::string_view view) {
    thread_->give_up(view);
    bool ours = false;
    {
        const std::lock_guard lock{mutex_};
        const auto job = jobs_.find(view);
        if (job == jobs_.end() || ended(job->second.status.state)) return false;
        job->second.status.state = RebuildState::cancelled;
        job->second.stop = true;
        ours = job->second.ours;
    }
    news_.notify_all();
    // While the rebuild thread still has the builder, it drops the build itself: leave().
    if (!ours)
        if (auto dropped = views_.drop_candidate(view); !dropped)
            return std::unexpected(std::move(dropped).error());
    return true;
}

void Rebuilds::candidate_failed(std::string_view view, const StoreError& error) {
    fail(std::string{view}, error);
}

void Rebuilds::fail(const std::string& view, const StoreError& error) {
    log::error("rebuild_failed", {{"view", view}, {"detail", error.detail}});
    {
        const std::lock_guard lock{mutex_};
        auto& job = jobs_[view];
        job.status.state = RebuildState::failed;
        job.status.code = "rebuild_failed";
        job.status.detail = error.detail;
        job.ours = false;
    }
    thread_->post([this, view] {
        const auto known = status(view);
        if (known && known->state == RebuildState::failed) (void)views_.drop_candidate(view);
    });
}

// --- comparing -----------------------------------------------------------------------------------

void Rebuilds::take(Comparable comparable) {
    {
        const std::lock_guard lock{mutex_};
        const auto job = jobs_.find(comparable.view);
        if (job == jobs_.end() || job->second.status.state != RebuildState::catching_up) return;
        job->second.status.state = RebuildState::comparing;
        to_compare_.push_back(std::move(comparable));
    }
    news_.notify_all();
}

void Rebuilds::compare(const Comparable& comparable) {
    const auto* view = projections::find_view(comparable.view);
    const projections::Comparing how{view->version(), comparable.same_version,
                                     comparable.same_position};
    const auto compared = projections::compare(comparable.live, comparable.candidate, how);
    if (!compared) return fail(comparable.view, compared.error());
    bool accepts = false;
    {
        const std::lock_guard lock{mutex_};
        auto& job = jobs_[comparable.view];
        if (job.status.state != RebuildState::comparing) return;  // cancelled
        accepts = job.status.accepts_differences;
        job.status.rows = compared->candidate.rows();
        job.status.digest = eventstore::to_hex(compared->candidate.digest);
    }
    const auto objection = projections::objection_to(*compared, how, accepts);
    if (!objection)
        return switch_to(comparable.view, *compared, comparable.live.build().generation);
    log::warning(
        "rebuild_refused",
        {{"view", comparable.view}, {"code", objection->code}, {"detail", objection->detail}});
    const std::lock_guard lock{mutex_};
    auto& status = jobs_[comparable.view].status;
    if (status.state != RebuildState::comparing) return;
    status.state = RebuildState::refused;
    status.code = objection->code;
    status.detail = objection->detail;
}

void Rebuilds::switch_to(const std::string& view, const projections::Compared& compared,
                         std::uint64_t live_generation) {
    const auto known = status(view);
    projections::SwitchNote note;
    note.actor = known->actor;
    note.fact.view = view;
    note.fact.how = "rebuilt";
    note.fact.generation = static_cast<std::int64_t>(known->generation);
    note.fact.projector_version = projections::find_view(view)->version();
    note.fact.position = static_cast<std::int64_t>(compared.candidate.position);
    note.fact.rows = static_cast<std::int64_t>(compared.candidate.rows());
    note.fact.digest = eventstore::to_hex(compared.candidate.digest);
    thread_->post([this, view, live_generation, text = encode(note)] {
        const auto now = status(view);
        if (!now || now->state != RebuildState::comparing) return;  // cancelled
        const auto flipped = thread_->flip(view, live_generation, text);
        if (!flipped) return fail(view, flipped.error());
        set_state(view, *flipped ? RebuildState::switched : RebuildState::catching_up);
        if (*flipped)
            log::info("view_switched", {{"view", view}, {"generation", now->generation}});
        else
            thread_->compare_again(view);
    });
}

}  // namespace yeyak::server
