// Why a folder that one process at a time may write could not be locked.
#pragma once
#include <rocksdb/status.h>

#include <optional>
#include <string>

#include "eventstore/event_store.h"

namespace yeyak::eventstore {

// Somebody holds it, or its lock file could not even be opened; nothing when `status` tells of
// something else.
inline std::optional<StoreError> lock_error(const rocksdb::Status& status,
                                            const std::string& folder) {
    const auto text = status.ToString();
    const auto says = [&](const char* what) { return text.find(what) != text.npos; };
    if (says("While lock file") || says("lock hold by current process"))
        return StoreError{StoreError::Kind::refused_open,
                          folder +
                              " is in use by another process; stop it, or choose another "
                              "folder with --data"};
    if (!status.IsIOError() || !says("LOCK")) return std::nullopt;
    return StoreError{StoreError::Kind::refused_open,
                      folder +
                          " cannot be written, it is read-only or belongs to another "
                          "account: " +
                          text};
}

}  // namespace yeyak::eventstore
