#include "bench/group_commit.h"

#include <utility>

namespace yeyak::bench {

GroupCommit::GroupCommit(RawStore& store, Committed committed)
    : store_(store), committed_(std::move(committed)), thread_([this] { run(); }) {}

GroupCommit::~GroupCommit() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_one();
    thread_.join();
}

void GroupCommit::submit(Append append) {
    bool was_empty = false;
    {
        const std::scoped_lock lock(mutex_);
        was_empty = queue_.empty();
        queue_.push_back(std::move(append));
    }
    if (was_empty) waiting_.notify_one();
}

void GroupCommit::run() {
    rocksdb::WriteBatch batch;
    for (;;) {
        std::vector<Append> taken;
        {
            std::unique_lock lock(mutex_);
            waiting_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            taken.swap(queue_);
        }
        batch.Clear();
        for (const Append& append : taken) {
            store_.put_event(batch, append.position, append.stream, append.version, append.event);
            store_.put_row(batch, append.stream, append.row);
        }
        store_.commit_synced(batch);
        position_ = taken.back().position;
        ++commits_;
        committed_(std::move(taken));
    }
}

}  // namespace yeyak::bench
