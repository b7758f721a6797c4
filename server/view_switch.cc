// Candidates and switches: what the view thread does between two batches.
#include <algorithm>

#include "kernel/ensure.h"
#include "server/view_thread.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreResult;
using projections::Build;

namespace {

// A candidate that need not match is ready when it is as near to the end of the log as this.
constexpr Position near_the_end = 2000;

// Readers never go back by a rebuild.
bool stands_well(const ViewState& at) {
    return at.unmatched() ? at.candidate->position >= at.live.position
                          : at.candidate->position == at.live.position;
}

}  // namespace

void ViewThread::adopt(std::string_view view, const Build& build,
                       std::unique_ptr<projections::Builder> builder) {
    auto& at = state_of(view);
    at.candidate = std::make_unique<BuildState>();
    at.candidate->lease = std::make_shared<const Build>(build);
    at.candidate->version = at.view->version();
    at.candidate->position = builder->checkpoint();
    at.candidate->builder = std::move(builder);
    at.candidate_told = false;
    if (skips_of(view).empty()) return;
    for (const auto position : skips_of(view)) at.candidate->builder->skip(position);
    if (const auto tried = retry(at, *at.candidate, {}); !tried)
        fail(at, *at.candidate, tried.error());
}

void ViewThread::give_up(std::string_view view) { state_of(view).candidate.reset(); }

void ViewThread::compare_again(std::string_view view) { state_of(view).candidate_told = false; }

void ViewThread::offer_candidates() {
    for (auto& each : states_) {
        auto& at = *each;
        if (!at.candidate || at.candidate_told) continue;
        auto& next = *at.candidate;
        const bool far = at.unmatched() && next.position + near_the_end < store_.head();
        if (far || !stands_well(at)) continue;
        // Checkpoints that waited are stored, so that what is compared says where it stands.
        keep_checkpoints();
        if (!at.candidate) continue;
        at.candidate_told = true;
        options_.comparable({std::string{at.view->name()}, views_.freeze(*at.live.lease),
                             views_.freeze(*next.lease), at.live.version == next.version,
                             next.position == at.live.position});
    }
}

void ViewThread::retire(std::unique_ptr<BuildState> build) {
    if (build) retired_.push_back(std::move(build));
}

// Readers see `next` from now on, and the live build until now is the previous one.
void ViewThread::make_live(ViewState& at, BuildState next) {
    auto before = std::make_unique<BuildState>();
    {
        const std::lock_guard lock{mutex_};
        *before = std::exchange(at.live, std::move(next));
        at.position = at.live.position;
        at.parked = at.live.builder ? at.live.builder->parked() : 0;
        at.previous_generation = {before->lease->generation, before->version};
        at.switched_ms = options_.now_ms();
        if (!at.failure.empty()) before->builder.reset();  // it could not go on
        at.failure.clear();
    }
    at.previous = std::move(before);
    tell_reached(at);
    options_.noted();
}

StoreResult<bool> ViewThread::flip(std::string_view view, std::uint64_t compared_with,
                                   std::string note) {
    auto& at = state_of(view);
    keep_checkpoints();
    if (!at.candidate || at.live.lease->generation != compared_with || !stands_well(at))
        return false;
    if (auto flipped = views_.flip(view, {options_.now_ms(), std::move(note)}); !flipped)
        return std::unexpected(std::move(flipped).error());
    retire(std::move(at.previous));
    auto next = std::move(*at.candidate);
    at.candidate.reset();
    make_live(at, std::move(next));
    return true;
}

StoreResult<bool> ViewThread::roll_back(std::string_view view,
                                        const std::function<std::string(const BuildState&)>& note) {
    auto& at = state_of(view);
    if (!at.previous) return false;
    keep_checkpoints();
    auto back = views_.roll_back(view, {options_.now_ms(), note(*at.previous)});
    if (!back) return std::unexpected(std::move(back).error());
    auto next = std::move(*at.previous);
    at.previous.reset();
    make_live(at, std::move(next));
    return true;
}

void ViewThread::expire() {
    const auto now = options_.now_ms();
    const auto keep =
        std::chrono::duration_cast<std::chrono::milliseconds>(options_.keep_previous).count();
    for (auto& each : states_) {
        auto& at = *each;
        if (!at.previous || now - at.switched_ms < keep) continue;
        if (auto forgotten = views_.forget_previous(at.view->name()); !forgotten) {
            fail(at, *at.previous, forgotten.error());
            continue;
        }
        retire(std::move(at.previous));
        const std::lock_guard lock{mutex_};
        at.previous_generation = {};
    }
    std::erase_if(retired_, [&](const auto& old) {
        if (old->lease.use_count() > 1) return false;  // somebody reads it
        old->builder.reset();
        if (const auto dropped = views_.drop(*old->lease); !dropped)
            options_.failed(old->lease->view, dropped.error());
        return true;
    });
}

}  // namespace yeyak::server
