// The rebuild of one view from the wish to the switch, as a value: which state follows which, and
// what was last known in it. No threads; whoever keeps it, guards it.
//
//   waiting ─▶ building ─▶ catching_up ─▶ comparing ─▶ switched
//      │  ▲      │                │  ▲        ├──────▶ refused (the candidate stays; again() goes
//      ▼  │      ▼                │  └────────┘         back to catching_up, or it is cancelled)
//     paused ◀───┘                └▶ failed, cancelled: from anywhere
//
// Who builds holds the builder between enter() and leave(), also for a moment after the job was
// paused or cancelled: stays() says when to put it down.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "projections/runner/guard.h"

namespace yeyak::projections {

enum class RebuildState {
    waiting,
    building,
    paused,
    catching_up,
    comparing,
    refused,
    switched,
    cancelled,
    failed
};
std::string_view name_of(RebuildState state);
// Whether nothing more happens by itself.
bool ended(RebuildState state);

struct RebuildStatus {
    std::string view;
    RebuildState state = RebuildState::waiting;
    std::uint64_t generation = 0;
    std::string actor;
    bool accepts_differences = false;
    Position position = 0;
    Position goal = 0;
    std::uint64_t events_per_second = 0;
    std::uint64_t rows = 0;    // known from the comparison on
    std::uint64_t parked = 0;  // events that the candidate could not apply
    std::string digest;        // the same
    std::string code;          // why it was refused or failed
    std::string detail;
};

class RebuildJob {
  public:
    RebuildJob() = default;
    // Waits, or was left paused.
    RebuildJob(std::string view, const Candidate& candidate);

    const RebuildStatus& status() const { return status_; }
    RebuildState state() const { return status_.state; }

    // --- what operators want; false when it does not fit --------------------------------------
    // It has ended, and nobody holds its builder: another one may take its place.
    bool may_be_replaced() const;
    bool is_refused() const { return state() == RebuildState::refused; }
    // The candidate that was refused is kept up to date still, and compared again.
    void again(std::string actor, bool accepts_differences);
    bool can_pause() const;
    bool can_resume() const { return state() == RebuildState::paused; }
    void pause();
    void resume();
    bool cancel();

    // --- of who builds ------------------------------------------------------------------------
    bool waits() const { return state() == RebuildState::waiting; }
    void enter();
    bool is_held() const { return held_; }
    bool stays() const;
    void leave() { held_ = false; }
    void advance(Position position, Position goal, std::uint64_t parked, std::uint64_t a_second);
    // The builder is given away, to be kept up to date beside the live build.
    void hand_over();

    // --- of who compares and switches; false when it was cancelled meanwhile ------------------
    bool begin_comparing();
    bool compared(const ViewDigest& candidate);
    bool refuse(const Objection& objection);
    bool switched();
    // The live build is another one than that it was compared with.
    bool compare_again();

    void fail(const StoreError& error);

  private:
    bool follow(RebuildState from, RebuildState to);

    RebuildStatus status_;
    bool held_ = false;
};

}  // namespace yeyak::projections
