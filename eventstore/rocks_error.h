// A RocksDB status as the store's own error.
#pragma once
#include <rocksdb/status.h>

#include "eventstore/event_store.h"

namespace yeyak::eventstore {

inline StoreError rocks_error(const rocksdb::Status& status) {
    return {status.IsCorruption() ? StoreError::Kind::corrupt : StoreError::Kind::io,
            status.ToString()};
}

}  // namespace yeyak::eventstore
