#include "audit/backup/keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "audit/proofs/files.h"
#include "audit/proofs/tiles.h"

namespace yeyak::backup {
namespace {

namespace fs = std::filesystem;
using eventstore::StoreError;

// A copy is a folder copy-N that holds this file, written last; of several, the highest counts.
constexpr std::string_view complete = "COMPLETE";
constexpr std::string_view complete_text = "yeyak keys format 1\n";
constexpr std::string_view copy_prefix = "copy-";
constexpr unsigned owner_only = 0600;

StoreError refuse(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

StoreError failed_to(std::string_view what, const fs::path& path, const std::error_code& error) {
    return {StoreError::Kind::io,
            fmt::format("cannot {} {}: {}", what, path.string(), error.message())};
}

std::optional<std::uint64_t> number_of(const fs::path& copy) {
    const auto name = copy.filename().string();
    if (!name.starts_with(copy_prefix)) return std::nullopt;
    return audit::decimal(std::string_view{name}.substr(copy_prefix.size()));
}

// The copies there are, complete or not.
StoreResult<std::vector<std::uint64_t>> copies_in(const fs::path& folder) {
    std::vector<std::uint64_t> numbers;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator{folder, failed}) {
        const auto number = number_of(entry.path());
        if (number) numbers.push_back(*number);
        if (!number && entry.path().filename() != "lost+found")
            return std::unexpected(refuse(
                fmt::format("{} holds something else than copies of keys ({}); choose a new folder",
                            folder.string(), entry.path().filename().string())));
    }
    if (failed) return std::unexpected(failed_to("list", folder, failed));
    std::ranges::sort(numbers);
    return numbers;
}

fs::path copy_path(const fs::path& folder, std::uint64_t number) {
    return folder / fmt::format("{}{}", copy_prefix, number);
}

StoreResult<void> copy_one(const fs::path& from, const fs::path& to) {
    const auto bytes = audit::read_file(from);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return {};
    return audit::replace_file(to, **bytes, owner_only);
}

StoreResult<void> make_private(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) return std::unexpected(failed_to("create", folder, failed));
    return {};
}

}  // namespace

StoreResult<void> copy_keys(const KeyCopy& keys, const fs::path& to) {
    if (auto made = make_private(to); !made) return made;
    const auto before = copies_in(to);
    if (!before) return std::unexpected(before.error());
    const auto fresh = copy_path(to, before->empty() ? 1 : before->back() + 1);
    if (auto made = make_private(fresh); !made) return made;
    for (const auto& [name, path] : keys.files)
        if (auto copied = copy_one(path, fresh / name); !copied) return copied;
    if (keys.persons)
        if (auto copied = keys.persons(fresh / "keys"); !copied) return copied;
    if (auto written = audit::replace_file(fresh / complete, complete_text, owner_only); !written)
        return written;
    if (auto synced = audit::sync_folder(to); !synced) return synced;
    std::error_code failed;
    for (const auto old : *before)
        if (fs::remove_all(copy_path(to, old), failed); failed)
            return std::unexpected(failed_to("remove", copy_path(to, old), failed));
    return audit::sync_folder(to);
}

StoreResult<void> put_keys(const fs::path& from, const fs::path& data) {
    auto copies = copies_in(from);
    if (!copies) return std::unexpected(copies.error());
    std::erase_if(*copies, [&](std::uint64_t number) {
        return !fs::exists(copy_path(from, number) / complete);
    });
    if (copies->empty())
        return std::unexpected(
            refuse(fmt::format("{} holds no complete copy of keys", from.string())));
    const auto copy = copy_path(from, copies->back());
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator{copy, failed}) {
        const auto name = entry.path().filename();
        if (name == complete) continue;
        fs::copy(entry.path(), data / name, fs::copy_options::recursive, failed);
        if (failed) return std::unexpected(failed_to("copy", entry.path(), failed));
    }
    if (failed) return std::unexpected(failed_to("list", copy, failed));
    return {};
}

}  // namespace yeyak::backup
