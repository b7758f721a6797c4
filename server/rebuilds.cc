#include "server/rebuilds.h"

#include "kernel/edge/log.h"
#include "projections/rebuild/candidates.h"
#include "projections/rebuild/switch_note.h"

namespace yeyak::server {

using eventstore::StoreError;
using eventstore::StoreResult;

Rebuilds::Rebuilds(const eventstore::EventStore& store, projections::ViewStore& views,
                   const projections::Views& known, RebuildOptions options)
    : store_(store), views_(views), known_(known), options_(options) {}

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
    for (const auto& view : known_) {
        auto candidate = projections::kept_candidate(views_, *view);
        if (!candidate) return std::unexpected(std::move(candidate).error());
        if (!*candidate) {
            const auto builds = views_.builds(view->name());
            if (!builds) return std::unexpected(builds.error());
            if (builds->live.version == view->version() ||
                builds->refused_version == view->version())
                continue;
            auto made = projections::new_candidate(views_, *view, "system");
            if (!made) return std::unexpected(std::move(made).error());
            *candidate = *std::move(made);
        }
        const std::string name{view->name()};
        jobs_.insert_or_assign(name, Job{name, **candidate});
        log::info("rebuild_goes_on",
                  {{"view", name}, {"generation", (*candidate)->generation.number}});
    }
    worker_ = std::thread{[this] { run(); }};
    return {};
}

// A view that is being rebuilt is a known one.
const projections::View& Rebuilds::view_of(std::string_view name) const {
    const auto* view = projections::find_view(known_, name);
    ensure(view != nullptr, "a rebuild is of a known view");
    return *view;
}

StoreResult<void> Rebuilds::remember(const RebuildStatus& status, bool paused) {
    projections::Candidate candidate;
    candidate.generation = {status.generation, view_of(status.view).version()};
    candidate.paused = paused;
    candidate.accepts_differences = status.accepts_differences;
    candidate.actor = status.actor;
    return views_.put_candidate(status.view, candidate);
}

std::optional<RebuildStatus> Rebuilds::status(std::string_view view) const {
    const std::lock_guard lock{mutex_};
    const auto job = jobs_.find(view);
    if (job == jobs_.end()) return std::nullopt;
    return job->second.status();
}

// --- what operators want -------------------------------------------------------------------------

StoreResult<bool> Rebuilds::begin(const std::vector<RebuildWish>& wishes) {
    {
        const std::lock_guard lock{mutex_};
        for (const auto& wish : wishes) {
            const auto job = jobs_.find(wish.view);
            if (job != jobs_.end() && !job->second.is_refused() && !job->second.may_be_replaced())
                return false;
        }
    }
    for (const auto& wish : wishes)
        if (auto begun = begin(wish); !begun) return std::unexpected(std::move(begun).error());
    news_.notify_all();
    return true;
}

StoreResult<void> Rebuilds::begin(const RebuildWish& wish) {
    Job job;
    {
        const std::lock_guard lock{mutex_};
        if (const auto known = jobs_.find(wish.view); known != jobs_.end()) job = known->second;
    }
    if (job.is_refused()) {
        job.again(wish.actor, wish.accepts_differences);
        if (auto kept = remember(job.status(), false); !kept) return kept;
        thread_->compare_again(wish.view);
    } else {
        const auto made = projections::new_candidate(views_, view_of(wish.view), wish.actor,
                                                     wish.accepts_differences);
        if (!made) return std::unexpected(made.error());
        job = Job{wish.view, *made};
    }
    const std::lock_guard lock{mutex_};
    jobs_[wish.view] = std::move(job);
    max_rate_ = wish.max_rate;
    return {};
}

StoreResult<bool> Rebuilds::pause(std::string_view view, bool paused) {
    {
        const std::lock_guard lock{mutex_};
        const auto job = jobs_.find(view);
        if (job == jobs_.end()) return false;
        if (!(paused ? job->second.can_pause() : job->second.can_resume())) return false;
        if (auto kept = remember(job->second.status(), paused); !kept)
            return std::unexpected(std::move(kept).error());
        if (paused)
            job->second.pause();
        else
            job->second.resume();
    }
    news_.notify_all();
    return true;
}

StoreResult<bool> Rebuilds::cancel(std::string_view view) {
    thread_->give_up(view);
    bool held = false;
    {
        const std::lock_guard lock{mutex_};
        const auto job = jobs_.find(view);
        if (job == jobs_.end() || !job->second.cancel()) return false;
        held = job->second.is_held();
    }
    news_.notify_all();
    // While the rebuild thread still has the builder, it drops the build itself: leave().
    if (!held)
        if (auto dropped = views_.drop_candidate(view); !dropped)
            return std::unexpected(std::move(dropped).error());
    return true;
}

void Rebuilds::candidate_failed(std::string_view view, const StoreError& error) {
    fail(std::string{view}, error);
}

void Rebuilds::fail(const std::string& view, const StoreError& error) {
    log::error("rebuild_failed", {{"view", view}, {"detail", error.detail}});
    with(view, [&](Job& job) { job.fail(error); });
    thread_->post([this, view] {
        const auto known = status(view);
        if (known && known->state == RebuildState::failed) (void)views_.drop_candidate(view);
    });
}

// --- comparing and switching ---------------------------------------------------------------------

void Rebuilds::take(Comparable comparable) {
    {
        const std::lock_guard lock{mutex_};
        const auto job = jobs_.find(comparable.view);
        if (job == jobs_.end() || !job->second.begin_comparing()) return;
        to_compare_.push_back(std::move(comparable));
    }
    news_.notify_all();
}

void Rebuilds::compare(const Comparable& comparable) {
    const auto& view = comparable.view;
    const projections::Comparing how{view_of(view).version(), comparable.same_version,
                                     comparable.same_position};
    const auto compared = projections::compare(comparable.live, comparable.candidate, how);
    if (!compared) return fail(view, compared.error());
    if (!with(view, [&](Job& job) { return job.compared(compared->candidate); })) return;
    const auto objection =
        projections::objection_to(*compared, how, status(view)->accepts_differences);
    if (!objection) return switch_to(view, compared->candidate, comparable.live.build().generation);
    if (with(view, [&](Job& job) { return job.refuse(*objection); }))
        log::warning("rebuild_refused",
                     {{"view", view}, {"code", objection->code}, {"detail", objection->detail}});
}

void Rebuilds::switch_to(const std::string& view, const projections::ViewDigest& candidate,
                         std::uint64_t live_generation) {
    const auto known = status(view);
    auto note = projections::note_of_switch("rebuilt", known->actor, known->generation, candidate);
    thread_->post([this, view, live_generation, text = encode(note)] {
        const auto now = status(view);
        if (!now || now->state != RebuildState::comparing) return;  // cancelled
        const auto flipped = thread_->flip(view, live_generation, text);
        if (!flipped) return fail(view, flipped.error());
        with(view, [&](Job& job) { return *flipped ? job.switched() : job.compare_again(); });
        if (*flipped)
            log::info("view_switched", {{"view", view}, {"generation", now->generation}});
        else
            thread_->compare_again(view);
    });
}

}  // namespace yeyak::server
