#include "server/auth/key_keeper.h"

#include <algorithm>
#include <utility>

#include "kernel/edge/log.h"

namespace yeyak::server {

KeyKeeper::KeyKeeper(std::unique_ptr<KeySource> source, auth::Verifier& verifier,
                     const Clock& clock)
    : source_(std::move(source)), verifier_(verifier), clock_(clock) {}

KeyKeeper::~KeyKeeper() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    woken_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::expected<void, std::string> KeyKeeper::fetch_first() {
    policy_.fetched(clock_.now());
    auto keys = source_->fetch();
    fetched_ = keys.has_value();
    if (!keys) return std::unexpected(std::move(keys).error());
    if (*keys) verifier_.set_keys(**std::move(keys));
    return {};
}

void KeyKeeper::start() {
    thread_ = std::thread{[this] { run(); }};
}

bool KeyKeeper::refresh(std::function<void()> done) {
    const std::lock_guard lock{mutex_};
    // One that runs may have begun before the keys changed; it is soon over, all the same.
    if (!fetching_ && !asked_ && !policy_.ask(clock_.now())) return false;
    waiting_.push_back(std::move(done));
    if (!fetching_) asked_ = true;
    woken_.notify_all();
    return true;
}

void KeyKeeper::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        rest(lock);
        if (stopping_) return;
        policy_.fetched(clock_.now());
        asked_ = false;
        fetching_ = true;
        lock.unlock();
        fetched_ = fetch();
        lock.lock();
        fetching_ = false;
        for (const auto& done : std::exchange(waiting_, {})) done();
    }
}

void KeyKeeper::rest(std::unique_lock<std::mutex>& lock) {
    const auto pause = fetched_ ? source_->pause() : std::min(source_->pause(), retry);
    woken_.wait_for(lock, pause, [this] { return stopping_ || asked_; });
}

bool KeyKeeper::fetch() {
    auto keys = source_->fetch();
    if (!keys) {
        // Once for each reason: it may go on for days.
        if (std::exchange(told_, keys.error()) != keys.error())
            log::warning("token_keys_not_read", {{"detail", keys.error()}});
        return false;
    }
    if (!std::exchange(told_, "").empty() || *keys)
        log::info("token_keys_read", {{"changed", keys->has_value()}});
    if (*keys) verifier_.set_keys(**std::move(keys));
    return true;
}

}  // namespace yeyak::server
