// One pass over the log for the candidates of several views: what a server does beside its readers
// and `yeyak replay` does at rest. A value that is told how far the candidates are to come, is
// given the log page by page, and answers what came of it. On which thread, how fast and out of
// what the pages are read, and what is done with a candidate that is ready, is its caller's:
//
//     while (!pass.empty()) {
//         carry_out(pass.aim(goals));  // hands over the candidates that stand at their goals
//         for (each page of the events after pass.after(), up to and with pass.last())
//             carry_out(pass.step(page));
//     }
//
// Why no callbacks: a caller holds locks, changes states and stops in the middle; what happens in
// which order is to be read in one place, and that is the caller's loop.
//
// What is handed over or has failed has left the pass. One thread; builders may use more (Spread).
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "projections/rebuild/skips.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct PassOptions {
    std::size_t parts = 1;      // of each builder
    Spread spread = {};         // see BuildHow
    bool side_by_side = false;  // several views at once, by `spread`; otherwise one after the other
    // See BuildHow. Without it candidates are made durable when they are handed over.
    bool logged = false;
    // A candidate that was read for is handed over when it lacks no more events than this.
    Position near = 0;
};

class RebuildPass {
  public:
    RebuildPass(Skips skips, PassOptions options);

    // A build that is to be brought forward; what it holds already is not built again. Answers
    // where it stands.
    StoreResult<Position> add(ViewStore& store, const View& view, const Build& build);
    // Puts a build down where it stands. It must be in the pass.
    void remove(std::string_view view);
    bool empty() const { return targets_.empty(); }
    std::vector<std::string> views() const;

    struct Advanced {
        std::string view;
        Position position = 0;
        std::uint64_t parked = 0;  // events that it could not apply
    };
    struct HandedOver {
        const View* view = nullptr;
        Build build;
        std::unique_ptr<Builder> builder;  // from now on writes to the write-ahead log
    };
    struct Failed {
        std::string view;
        StoreError error;
    };
    struct Outcome {
        std::vector<Advanced> advanced;
        std::vector<HandedOver> hand_over;
        std::vector<Failed> failed;
    };

    // Begins a reading: each build goes as far as `goal_of` says, and not beyond, because there it
    // will be compared with another one. Who stands there is handed over, and whom the reading
    // before did not bring forward: the log has no more.
    using GoalOf = std::function<Position(const View& view)>;
    Outcome aim(const GoalOf& goal_of);
    // What is read: the events after after(), up to and with last(). Of an empty pass: none.
    Position after() const;
    Position last() const;
    // The next events of the reading, all of them, in order.
    Outcome step(const std::vector<eventstore::EventPtr>& page);

  private:
    struct Target {
        const View* view = nullptr;
        Build build;
        std::unique_ptr<Builder> builder;  // none: it has left
        Position goal = 0;
        std::optional<Position> reading_began_at = {};
    };
    static StoreResult<void> advance(Target& target, const std::vector<eventstore::EventPtr>& page);
    void hand_over(Target& target, Outcome& outcome);
    void forget_those_that_left();

    Skips skips_;
    PassOptions options_;
    std::vector<Target> targets_;
};

}  // namespace yeyak::projections
