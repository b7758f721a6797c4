#include "server/ledger.h"

#include <sys/resource.h>

#include <algorithm>

#include "eventstore/tail.h"
#include "kernel/edge/log.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;

namespace {

constexpr std::size_t events_at_once = 4096;
// News is gathered for so long: waking for every flush would cost the writer more than the hashes.
constexpr std::chrono::milliseconds gather{20};
constexpr std::chrono::milliseconds between_checkpoints{1000};
// Who waits gets one sooner, but the disk is not kept busy with them.
constexpr std::chrono::milliseconds between_wanted_checkpoints{50};

}  // namespace

StoreResult<std::unique_ptr<Ledger>> Ledger::start(const eventstore::EventStore& store,
                                                   std::filesystem::path data,
                                                   audit::SigningKey key) {
    auto tree = audit::open_tree(data, key.verifier(), store);
    if (!tree) return std::unexpected(std::move(tree).error());
    if (tree->rebuilt) log::warning("audit_tree_rebuilt", {{"position", tree->files->size()}});
    std::unique_ptr<Ledger> self{
        new Ledger{store, std::move(data), std::move(key), *std::move(tree)}};
    if (!self->published_)  // of nothing, so that there is always one
        if (auto published = self->publish(); !published)
            return std::unexpected(std::move(published).error());
    self->bell_ = store.tail().add_bell([raw = self.get()](Position) { raw->wake(); });
    self->thread_ = std::thread{[raw = self.get()] { raw->run(); }};
    return self;
}

Ledger::Ledger(const eventstore::EventStore& store, std::filesystem::path data,
               audit::SigningKey key, audit::OpenedTree tree)
    : store_(store),
      data_(std::move(data)),
      key_(std::move(key)),
      files_(std::move(tree.files)),
      follower_(store, files_->size()),
      covered_at_start_(files_->size()),
      covered_(files_->size()) {
    if (tree.checkpoint)
        published_ = std::make_shared<const audit::SignedCheckpoint>(*std::move(tree.checkpoint));
}

Ledger::~Ledger() {
    store_.tail().remove_bell(bell_);
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    news_.notify_one();
    if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const audit::SignedCheckpoint> Ledger::published() const {
    const std::lock_guard lock{mutex_};
    return published_;
}

bool Ledger::failed() const {
    const std::lock_guard lock{mutex_};
    return failed_;
}

void Ledger::wake() {
    if (woken_.exchange(true)) return;
    {
        const std::lock_guard lock{mutex_};  // so that it is not missed between test and sleep
    }
    news_.notify_one();
}

void Ledger::wait_for(Position position, std::function<void()> told) {
    {
        const std::lock_guard lock{mutex_};
        if (covered_ < position && !failed_ && !stopping_) {
            waiters_.push_back({position, std::move(told)});
            news_.notify_one();
            return;
        }
    }
    told();
}

bool Ledger::wanted() const {
    return std::ranges::any_of(
        waiters_, [&](const Waiter& waiter) { return waiter.position <= store_.head(); });
}

void Ledger::run() {
    // Writers and answers come first when the cores are busy.
    setpriority(PRIO_PROCESS, 0, 5);
    std::unique_lock lock{mutex_};
    while (true) {
        const bool last = stopping_;
        lock.unlock();
        const auto done = step();
        lock.lock();
        if (!done) {
            lock.unlock();
            return fail(done.error());
        }
        if (last) break;
        rest(lock);
    }
    lock.unlock();
    tell(UINT64_MAX);
}

// Until there is something to do.
void Ledger::rest(std::unique_lock<std::mutex>& lock) {
    const auto urgent = [&] { return stopping_ || wanted(); };
    const bool unpublished = files_->size() > covered_;
    const auto due = published_at_ + between_checkpoints;
    const auto news = [&] { return urgent() || woken_; };
    if (unpublished)
        news_.wait_until(lock, due, news);
    else
        news_.wait(lock, news);
    if (stopping_) return;
    if (!wanted()) news_.wait_for(lock, gather, urgent);
    // A checkpoint that was published a moment ago is followed by the next after a pause.
    news_.wait_until(lock, published_at_ + between_wanted_checkpoints,
                     [&] { return stopping_ || !wanted(); });
}

// Adds what is new, and publishes when it is time.
StoreResult<void> Ledger::step() {
    woken_ = false;
    while (true) {
        const auto events = follower_.next(events_at_once);
        if (!events) return std::unexpected(events.error());
        if (events->empty()) break;
        std::vector<audit::Hash> leaves;
        leaves.reserve(events->size());
        for (const auto& event : *events) leaves.push_back(event->leaf);
        if (auto added = files_->append(leaves); !added) return added;
        if (Clock::now() >= published_at_ + between_checkpoints)
            if (auto done = publish(); !done) return done;
    }
    bool now = false;
    {
        const std::lock_guard lock{mutex_};
        now = files_->size() > covered_ &&
              (stopping_ || wanted() || Clock::now() >= published_at_ + between_checkpoints);
    }
    return now ? publish() : StoreResult<void>{};
}

StoreResult<void> Ledger::publish() {
    const auto size = files_->size();
    if (auto synced = files_->sync(); !synced) return synced;
    const auto root = audit::root_of(files_->nodes(), size);
    if (!root) return std::unexpected(StoreError{StoreError::Kind::io, root.error()});
    auto checkpoint = audit::sign_checkpoint({size, *root}, key_);
    if (auto stored = audit::store_checkpoint(data_, checkpoint); !stored) return stored;
    {
        const std::lock_guard lock{mutex_};
        published_ = std::make_shared<const audit::SignedCheckpoint>(std::move(checkpoint));
        covered_ = size;
    }
    published_at_ = Clock::now();
    tell(size);
    return {};
}

void Ledger::tell(Position position) {
    std::vector<Waiter> reached;
    {
        const std::lock_guard lock{mutex_};
        std::erase_if(waiters_, [&](Waiter& waiter) {
            if (waiter.position > position) return false;
            reached.push_back(std::move(waiter));
            return true;
        });
    }
    for (const auto& waiter : reached) waiter.told();
}

void Ledger::fail(const StoreError& error) {
    log::error("audit_ledger_stopped", {{"detail", error.detail}});
    {
        const std::lock_guard lock{mutex_};
        failed_ = true;
    }
    tell(UINT64_MAX);
}

}  // namespace yeyak::server
