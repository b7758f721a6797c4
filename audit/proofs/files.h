// Small files that must survive a power cut: written aside, synced, renamed, the folder synced.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "eventstore/event_store.h"

namespace yeyak::audit {

using eventstore::StoreError;
using eventstore::StoreResult;

// `mode` are the permission bits of a new file.
StoreResult<void> replace_file(const std::filesystem::path& path, std::string_view bytes,
                               unsigned mode);
// Nothing when there is no such file; an error when it is larger than `most` bytes.
StoreResult<std::optional<std::string>> read_file(const std::filesystem::path& path,
                                                  std::size_t most = 1 << 20);
StoreResult<void> sync_folder(const std::filesystem::path& folder);

// How a folder or file can be made its owner's alone, "chmod -R go-rwx PATH", when others may read
// or write it; nothing when they may not, or when it is not there.
std::optional<std::string> closed_by(const std::filesystem::path& path);

// What the system says of the last call that failed: "cannot open x: …".
StoreError system_error(std::string_view what, const std::filesystem::path& path);

}  // namespace yeyak::audit
