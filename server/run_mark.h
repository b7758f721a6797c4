// Whether the last run on a data folder ended in order. A file says that a server runs, or ran and
// was ended from outside: it is made before the log is opened and removed when all is on disk.
// It locks nothing; the log has its own lock.
#pragma once
#include <filesystem>

#include "eventstore/event_store.h"

namespace yeyak::server {

class RunMark {
  public:
    // Durable when it answers. The folder exists.
    static eventstore::StoreResult<RunMark> set(const std::filesystem::path& data);

    // The last run had not removed its mark: the process was killed, or the machine went down.
    bool ended_hard() const { return ended_hard_; }
    // This run has ended in order.
    eventstore::StoreResult<void> remove() const;

  private:
    RunMark(std::filesystem::path file, bool ended_hard)
        : file_(std::move(file)), ended_hard_(ended_hard) {}
    std::filesystem::path file_;
    bool ended_hard_;
};

}  // namespace yeyak::server
