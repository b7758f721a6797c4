// The folder around the log: FORMAT, which names the layout of every byte beside it. A folder
// without FORMAT was never used: FORMAT is durable before the log is created.
#pragma once
#include <rocksdb/io_status.h>

#include "eventstore/rocks_store.h"

namespace yeyak::eventstore {

// Checks FORMAT, or creates the folder with it, unless it holds something else; a read-only folder
// is never written. Afterwards all that the folder names is durable.
StoreResult<void> prepare_folder(const RocksOptions& options);

// Makes the names in a folder durable.
rocksdb::IOStatus sync_folder(rocksdb::FileSystem& files, const std::string& path);

}  // namespace yeyak::eventstore
