#include "eventstore/sequencer.h"

#include <iterator>
#include <limits>
#include <span>
#include <utility>

namespace yeyak::eventstore {

void run_batch(EventStore& store, std::vector<WorkPtr>& waiting) {
    const auto writable = store.writable();
    if (!writable) {
        const bool only_space = writable.error().kind == StoreError::Kind::no_space;
        std::erase_if(waiting, [&](const WorkPtr& work) {
            if (only_space && work->is_owed()) return false;
            work->told(std::unexpected(writable.error()));
            return true;
        });
        if (waiting.empty()) return;
    }
    auto end = waiting.begin();
    do {
        (*end)->decide(store);
        ++end;
    } while (end != waiting.end() && !store.is_full());
    const std::span batch{waiting.begin(), end};
    const auto outcome = store.flush();
    for (auto& work : batch) work->told(outcome);
    waiting.erase(waiting.begin(), end);
}

Sequencer::Sequencer(EventStore& store, SequencerHooks hooks, std::size_t max_waiting)
    : store_(store), hooks_(std::move(hooks)), max_waiting_(max_waiting) {
    thread_ = std::thread{[this] { run(); }};
}

Sequencer::~Sequencer() { stop(); }

bool Sequencer::submit(WorkPtr work) { return enqueue(std::move(work), max_waiting_); }

bool Sequencer::submit_owed(WorkPtr work) {
    return enqueue(std::move(work), std::numeric_limits<std::size_t>::max());
}

bool Sequencer::enqueue(WorkPtr work, std::size_t max_waiting) {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_ || waiting_.size() >= max_waiting) return false;
        waiting_.push_back(std::move(work));
        if (waiting_.size() > 1) return true;  // the thread already knows
    }
    arrived_.notify_one();
    return true;
}

void Sequencer::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    arrived_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Sequencer::run() {
    bool failed = false;
    std::vector<WorkPtr> batch;
    while (true) {
        {
            std::unique_lock lock{mutex_};
            arrived_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            if (waiting_.size() <= max_batch) {
                batch.swap(waiting_);
            } else {
                const auto end = waiting_.begin() + max_batch;
                std::move(waiting_.begin(), end, std::back_inserter(batch));
                waiting_.erase(waiting_.begin(), end);
            }
        }
        while (!batch.empty()) {
            run_batch(store_, batch);
            if (hooks_.batch_ended) hooks_.batch_ended();
            const auto usable = store_.writable();
            if (!usable && usable.error().kind == StoreError::Kind::unknown && !failed) {
                failed = true;
                if (hooks_.failed) hooks_.failed(usable.error());
            }
        }
    }
}

}  // namespace yeyak::eventstore
