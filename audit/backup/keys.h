// The secret keys of a data folder, copied apart from its backups: whoever has both can read what
// was erased since the backup was taken, so they belong on different disks.
//
// Only the newest state is kept, never an older one beside it: a key that was destroyed is gone
// from the copy after the next run, too.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "eventstore/event_store.h"

namespace yeyak::backup {

using eventstore::StoreResult;

struct KeyCopy {
    // The files of single keys by their names in the copy; those that do not exist are left out.
    std::vector<std::pair<std::string, std::filesystem::path>> files;
    // Writes the keys of persons into a new folder of that name; none when there are none.
    std::function<StoreResult<void>(const std::filesystem::path& folder)> persons;
};

// Replaces what `to` holds by the keys as they are now. Refused when it holds something else.
StoreResult<void> copy_keys(const KeyCopy& keys, const std::filesystem::path& to);

// Puts the keys of such a copy into a data folder.
StoreResult<void> put_keys(const std::filesystem::path& from, const std::filesystem::path& data);

}  // namespace yeyak::backup
