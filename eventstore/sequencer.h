// The one thread that decides and commits. It takes all the work that has come in, lets each piece
// decide and stage against what its predecessors staged, flushes once for all of them, and only
// then tells each how it ended. There is no timer and no minimum batch: what arrives while one
// flush is on its way to disk is the next batch.
//
// A failed flush is final: every piece of the batch, and all later work, hears `unknown`, and
// Hooks::failed is called once so that the process can end.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "eventstore/event_store.h"

namespace yeyak::eventstore {

class Work {
  public:
    virtual ~Work() = default;
    // Decides and stages; on the sequencer's thread, after all earlier work decided.
    virtual void decide(EventStore& store) = 0;
    // How it ended: the log's head once everything staged so far is durable, or why not. Called
    // once, also when the work never decided because the store takes no writes.
    virtual void told(const StoreResult<Position>& outcome) = 0;
    // Work that completes what was admitted before (outcomes, timers, what an operator sets) goes
    // on when new work is refused for lack of disk space: that is what the headroom is for.
    virtual bool is_owed() const { return false; }

    std::chrono::steady_clock::time_point submitted{};  // set by the sequencer
};
using WorkPtr = std::unique_ptr<Work>;

// What a batch was like, for whoever measures.
struct BatchReport {
    std::size_t work = 0;                // pieces of it; 0: the store took none
    std::size_t events = 0;              // that became visible
    std::chrono::nanoseconds waited{0};  // its oldest piece, before it was decided
    std::chrono::nanoseconds deciding{0};
    std::chrono::nanoseconds flushing{0};
};

// One batch, start to end; what the thread below repeats and a simulation calls itself. Takes work
// out from the front until the batch is full: whoever has waiting work left calls it again.
BatchReport run_batch(EventStore& store, std::vector<WorkPtr>& waiting);

// On the sequencer's thread.
struct SequencerHooks {
    std::function<void()> batch_ended;                      // after every batch: hand answers over
    std::function<void(const StoreError&)> failed = {};     // once
    std::function<void(const BatchReport&)> measured = {};  // every batch, after batch_ended
};

class Sequencer {
  public:
    static constexpr std::size_t max_batch = 1024;

    // The store must outlive the sequencer. At most `max_waiting` pieces wait; more are refused.
    Sequencer(EventStore& store, SequencerHooks hooks, std::size_t max_waiting = 100'000);
    ~Sequencer();

    // From any thread. False when the queue is full or stop() was called: nothing will happen.
    bool submit(WorkPtr work);
    // The same for what the program owes itself (timers, outcomes of effects): never refused for a
    // full queue, because it was admitted before.
    bool submit_owed(WorkPtr work);
    // Finishes what waits, then ends the thread.
    void stop();
    // How many pieces of work wait to be taken into a batch. Any thread.
    std::size_t waiting() const;

  private:
    bool enqueue(WorkPtr work, std::size_t max_waiting);
    void run();
    void run_all(std::vector<WorkPtr>& batch);

    EventStore& store_;
    SequencerHooks hooks_;
    std::size_t max_waiting_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<WorkPtr> waiting_;
    bool stopping_ = false;
    bool failed_ = false;  // on the thread
    std::thread thread_;
};

}  // namespace yeyak::eventstore
