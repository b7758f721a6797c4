// Keeps the Merkle tree of the log and signs checkpoints: one thread of low priority that follows
// the log in batches, so that nothing of it is on the path of an append. While there is news a
// checkpoint is signed and published every second, or at once for who waits for one. When it stops,
// everything is covered.
//
// A failure of the disk ends the thread; the log goes on without new checkpoints, and the next
// start catches up. Every other function may be called from any thread.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "audit/proofs/recovery.h"
#include "eventstore/follower.h"

namespace yeyak::server {

class Ledger {
  public:
    // Refused when log and checkpoint contradict each other, or another key signed; see
    // audit/proofs/recovery.h. The store must outlive the ledger.
    static eventstore::StoreResult<std::unique_ptr<Ledger>> start(
        const eventstore::EventStore& store, std::filesystem::path data, audit::SigningKey key);
    ~Ledger();

    const audit::VerifierKey& key() const { return key_.verifier(); }
    const audit::SigningKey& signer() const { return key_; }
    // The newest checkpoint; a new folder begins with one of the empty log.
    std::shared_ptr<const audit::SignedCheckpoint> published() const;
    // The last position that was covered when it started: all of the log, when the run before ended
    // in order.
    eventstore::Position covered_at_start() const { return covered_at_start_; }
    // The last position that the newest checkpoint covers.
    eventstore::Position covered() const { return covered_; }
    // The disk refused the tree: there are no new checkpoints until the next start.
    bool failed() const;
    // Stored hashes, up to the newest checkpoint.
    const audit::TreeFiles& files() const { return *files_; }

    // Calls `told` once a checkpoint covers `position`, or once there will be none any more: at
    // once, here, or on the ledger's thread, which it must not hold up.
    void wait_for(eventstore::Position position, std::function<void()> told);

  private:
    using Clock = std::chrono::steady_clock;
    struct Waiter {
        eventstore::Position position;
        std::function<void()> told;
    };
    Ledger(const eventstore::EventStore& store, std::filesystem::path data, audit::SigningKey key,
           audit::OpenedTree tree);
    void wake();
    void run();
    void rest(std::unique_lock<std::mutex>& lock);
    eventstore::StoreResult<void> step();
    eventstore::StoreResult<void> publish();
    bool wanted() const;  // with the lock held
    void tell(eventstore::Position position);
    void fail(const eventstore::StoreError& error);

    const eventstore::EventStore& store_;
    std::filesystem::path data_;
    audit::SigningKey key_;
    std::unique_ptr<audit::TreeFiles> files_;
    eventstore::Follower follower_;
    Clock::time_point published_at_{};
    const eventstore::Position covered_at_start_;
    std::atomic<eventstore::Position> covered_{0};
    std::atomic<bool> woken_ = true;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    std::shared_ptr<const audit::SignedCheckpoint> published_;
    std::vector<Waiter> waiters_;
    bool stopping_ = false;
    bool failed_ = false;
    std::size_t bell_ = 0;
    std::thread thread_;
};

}  // namespace yeyak::server
