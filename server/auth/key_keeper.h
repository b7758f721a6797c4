// Keeps the keys of a verifier as new as their source has them, on a thread of its own. When the
// source cannot be reached, or has nothing that can be taken, the last good keys go on, and the log
// says why. All functions may be called from any thread.
#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "auth/refresh_policy.h"
#include "auth/verifier.h"
#include "kernel/edge/clock.h"
#include "server/auth/key_source.h"

namespace yeyak::server {

class KeyKeeper {
  public:
    // After a failure it tries again this soon, or sooner.
    static constexpr std::chrono::milliseconds retry{auth::RefreshPolicy::pause_ms};

    // Verifier and clock must outlive the keeper.
    KeyKeeper(std::unique_ptr<KeySource> source, auth::Verifier& verifier, const Clock& clock);
    // Waits for a fetch that runs.
    ~KeyKeeper();

    // The first fetch, here; the error is what the log would have said.
    std::expected<void, std::string> fetch_first();
    // From then on by itself.
    void start();
    // A token may be of a key that is not known. Calls `done` when the keys are as new as they get:
    // on the keeper's thread, which it must not hold up. False when it was asked a moment ago, and
    // `done` is not called.
    bool refresh(std::function<void()> done);

  private:
    void run();
    bool fetch();
    void rest(std::unique_lock<std::mutex>& lock);

    const std::unique_ptr<KeySource> source_;
    auth::Verifier& verifier_;
    const Clock& clock_;
    std::string told_;      // what the log said last of what failed
    bool fetched_ = false;  // the last time; both are the keeper's thread's
    std::mutex mutex_;
    std::condition_variable woken_;
    auth::RefreshPolicy policy_;
    std::vector<std::function<void()>> waiting_;
    bool fetching_ = false;
    bool asked_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace yeyak::server
