#include "projections/rebuild/job.h"

#include <array>

#include "kernel/ensure.h"

namespace yeyak::projections {

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

RebuildJob::RebuildJob(std::string view, const Candidate& candidate) {
    status_.view = std::move(view);
    status_.state = candidate.paused ? RebuildState::paused : RebuildState::waiting;
    status_.generation = candidate.generation.number;
    status_.actor = candidate.actor;
    status_.accepts_differences = candidate.accepts_differences;
}

bool RebuildJob::follow(RebuildState from, RebuildState to) {
    if (state() != from) return false;
    status_.state = to;
    return true;
}

bool RebuildJob::may_be_replaced() const { return ended(state()) && !held_; }

void RebuildJob::again(std::string actor, bool accepts_differences) {
    ensure(follow(RebuildState::refused, RebuildState::catching_up),
           "only what was refused is compared again");
    status_.actor = std::move(actor);
    status_.accepts_differences = accepts_differences;
    status_.code.clear();
    status_.detail.clear();
}

bool RebuildJob::can_pause() const {
    return state() == RebuildState::waiting || state() == RebuildState::building;
}

void RebuildJob::pause() {
    ensure(can_pause(), "only what is being built is paused");
    status_.state = RebuildState::paused;
}

void RebuildJob::resume() {
    ensure(follow(RebuildState::paused, RebuildState::waiting), "only what is paused is resumed");
}

bool RebuildJob::cancel() {
    if (ended(state())) return false;
    status_.state = RebuildState::cancelled;
    return true;
}

void RebuildJob::enter() {
    ensure(follow(RebuildState::waiting, RebuildState::building), "only what waits is begun");
    held_ = true;
}

bool RebuildJob::stays() const {
    return held_ && state() != RebuildState::paused && state() != RebuildState::cancelled;
}

void RebuildJob::advance(Position position, Position goal, std::uint64_t parked,
                         std::uint64_t a_second) {
    follow(RebuildState::waiting, RebuildState::building);  // it was paused for a moment
    status_.position = position;
    status_.goal = goal;
    status_.parked = parked;
    status_.events_per_second = a_second;
}

void RebuildJob::hand_over() {
    ensure(stays(), "what is handed over is being built");
    status_.state = RebuildState::catching_up;
    held_ = false;
}

bool RebuildJob::begin_comparing() {
    return follow(RebuildState::catching_up, RebuildState::comparing);
}

bool RebuildJob::compared(const ViewDigest& candidate) {
    if (state() != RebuildState::comparing) return false;
    status_.rows = candidate.rows();
    status_.digest = eventstore::to_hex(candidate.digest);
    return true;
}

bool RebuildJob::refuse(const Objection& objection) {
    if (!follow(RebuildState::comparing, RebuildState::refused)) return false;
    status_.code = objection.code;
    status_.detail = objection.detail;
    return true;
}

bool RebuildJob::switched() { return follow(RebuildState::comparing, RebuildState::switched); }

bool RebuildJob::compare_again() {
    return follow(RebuildState::comparing, RebuildState::catching_up);
}

void RebuildJob::fail(const StoreError& error) {
    status_.state = RebuildState::failed;
    status_.code = "rebuild_failed";
    status_.detail = error.detail;
    held_ = false;
}

}  // namespace yeyak::projections
