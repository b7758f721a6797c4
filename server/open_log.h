// Opens the log of a data folder. Nothing else in the server knows what keeps it.
#pragma once
#include <functional>
#include <memory>

#include "eventstore/event_store.h"

namespace rocksdb {
class DB;
}

namespace yeyak::server {

struct ServeConfig;

struct OpenLog {
    std::unique_ptr<eventstore::EventStore> store;
    // For backups, which copy it while it is written.
    rocksdb::DB* database = nullptr;
    // Writes memory to disk, so that the next start has nothing to read again.
    std::function<eventstore::StoreResult<void>()> flush_memory;
};

// `files` of it are kept open at most; -1: as many as it likes. Refused, with what to do, as
// eventstore/rocks_store.h tells, or when the disk is too full to start.
eventstore::StoreResult<OpenLog> open_log(const ServeConfig& config, int files);

}  // namespace yeyak::server
