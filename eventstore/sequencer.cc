#include "eventstore/sequencer.h"

#include <iterator>
#include <limits>
#include <span>
#include <utility>

namespace yeyak::eventstore {

using Clock = std::chrono::steady_clock;

BatchReport run_batch(EventStore& store, std::vector<WorkPtr>& waiting) {
    const auto writable = store.writable();
    if (!writable) {
        const bool only_space = writable.error().kind == StoreError::Kind::no_space;
        std::erase_if(waiting, [&](const WorkPtr& work) {
            if (only_space && work->is_owed()) return false;
            work->told(std::unexpected(writable.error()));
            return true;
        });
        if (waiting.empty()) return {};
    }
    BatchReport report;
    const auto begun = Clock::now();
    report.waited = begun - waiting.front()->submitted;
    auto end = waiting.begin();
    do {
        (*end)->decide(store);
        ++end;
    } while (end != waiting.end() && !store.is_full());
    const std::span batch{waiting.begin(), end};
    const auto decided = Clock::now();
    const auto before = store.head();
    const auto outcome = store.flush();
    report.work = batch.size();
    report.events = store.head() - before;
    report.deciding = decided - begun;
    report.flushing = Clock::now() - decided;
    for (auto& work : batch) work->told(outcome);
    waiting.erase(waiting.begin(), end);
    return report;
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
    work->submitted = Clock::now();
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

std::size_t Sequencer::waiting() const {
    const std::lock_guard lock{mutex_};
    return waiting_.size();
}

void Sequencer::run() {
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
        run_all(batch);
    }
}

void Sequencer::run_all(std::vector<WorkPtr>& batch) {
    while (!batch.empty()) {
        const auto report = run_batch(store_, batch);
        if (hooks_.batch_ended) hooks_.batch_ended();
        if (hooks_.measured && report.work > 0) hooks_.measured(report);
        const auto usable = store_.writable();
        if (!usable && usable.error().kind == StoreError::Kind::unknown && !failed_) {
            failed_ = true;
            if (hooks_.failed) hooks_.failed(usable.error());
        }
    }
}

}  // namespace yeyak::eventstore
