// One writer thread that commits whatever queued up while the last commit was being synced:
// one WriteBatch of event, index key and view row per append, one sync, one report of the lot.
// No timer and no smallest batch: the disk sets the pace.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/http_server.h"
#include "bench/raw_store.h"

namespace yeyak::bench {

struct Append {
    std::shared_ptr<Connection> connection;
    std::string stream;
    std::string event;
    std::string row;
    std::uint64_t position = 0;
    std::uint64_t version = 0;
};

class GroupCommit {
  public:
    // Called on the writer thread, once per commit, after the sync.
    using Committed = std::function<void(std::vector<Append>)>;

    GroupCommit(RawStore& store, Committed committed);
    ~GroupCommit();
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    void submit(Append append);
    [[nodiscard]] std::uint64_t position() const { return position_; }
    [[nodiscard]] std::uint64_t commits() const { return commits_; }

  private:
    void run();

    RawStore& store_;
    Committed committed_;
    std::mutex mutex_;
    std::condition_variable waiting_;
    std::vector<Append> queue_;
    bool stopping_ = false;
    std::atomic<std::uint64_t> position_ = 0;
    std::atomic<std::uint64_t> commits_ = 0;
    std::thread thread_;
};

}  // namespace yeyak::bench
