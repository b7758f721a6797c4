#include "eventstore/data_folder.h"

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <algorithm>

namespace yeyak::eventstore {
namespace {

constexpr std::string_view format_text = "yeyak data format 1\n";

StoreError refuse(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

// Written beside and renamed: a FORMAT file is whole or not there.
rocksdb::Status create_format(rocksdb::Env& env, const std::filesystem::path& folder) {
    const auto path = (folder / "FORMAT").string();
    auto status = env.CreateDirIfMissing(folder.string());
    if (status.ok())
        status = rocksdb::WriteStringToFile(&env, std::string{format_text}, path + ".new",
                                            /*should_sync=*/true);
    if (status.ok()) status = env.RenameFile(path + ".new", path);
    return status;
}

rocksdb::Status sync_names(rocksdb::Env& env, const std::filesystem::path& folder) {
    const auto files = env.GetFileSystem();
    auto status = sync_folder(*files, folder.string());
    if (!status.ok()) return status;
    const auto whole = folder.has_filename() ? folder : folder.parent_path();
    const auto parent = whole.parent_path();
    return sync_folder(*files, parent.empty() ? "." : parent.string());
}

StoreResult<void> check_format(rocksdb::Env& env, const std::string& path) {
    std::string found;
    const auto status = rocksdb::ReadFileToString(&env, path, &found);
    if (!status.ok())
        return std::unexpected(refuse(fmt::format("cannot read {}: {}", path, status.ToString())));
    if (found == format_text) return {};
    return std::unexpected(refuse(fmt::format(
        "{} says \"{}\", this program reads \"{}\"; open the folder with the version that wrote it",
        path, found.substr(0, found.find('\n')), format_text.substr(0, format_text.size() - 1))));
}

// What may be there before the first start: keys that were put there, an interrupted first start,
// and what a file system itself makes.
bool may_come_first(std::string_view name) {
    constexpr std::string_view names[] = {".",          "..",         "FORMAT.new",
                                          "lost+found", "card.key",   "audit.key",
                                          "auth.key",   "master.key", "keys"};
    return std::ranges::find(names, name) != std::end(names);
}

// A folder of something else is not made a data folder: its files would be taken for ours.
StoreResult<void> expect_unused(rocksdb::Env& env, const std::string& folder) {
    std::vector<std::string> names;
    const auto listed = env.GetChildren(folder, &names);
    if (listed.IsNotFound()) return {};
    if (!listed.ok())
        return std::unexpected(
            refuse(fmt::format("cannot read {}: {}", folder, listed.ToString())));
    const auto other = std::ranges::find_if_not(names, may_come_first);
    if (other == names.end()) return {};
    return std::unexpected(
        refuse(fmt::format("{} is not empty and holds no Yeyak data (it has {}, but no FORMAT "
                           "file); choose an empty or "
                           "a new folder",
                           folder, *other)));
}

}  // namespace

rocksdb::IOStatus sync_folder(rocksdb::FileSystem& files, const std::string& path) {
    std::unique_ptr<rocksdb::FSDirectory> folder;
    const rocksdb::IOOptions options;
    const auto status = files.NewDirectory(path, options, &folder, nullptr);
    return status.ok() ? folder->Fsync(options, nullptr) : status;
}

StoreResult<void> prepare_folder(const RocksOptions& options) {
    rocksdb::Env& env = options.env ? *options.env : *rocksdb::Env::Default();
    const auto folder = options.data_dir.string();
    const auto path = (options.data_dir / "FORMAT").string();
    const bool missing = env.FileExists(path).IsNotFound();
    if (missing && env.FileExists((options.data_dir / "log" / "CURRENT").string()).ok())
        return std::unexpected(refuse(fmt::format(
            "{} holds a log but no FORMAT file; restore FORMAT from a backup of this folder",
            folder)));
    if (missing && options.read_only)
        return std::unexpected(
            refuse(fmt::format("{} holds no Yeyak data (no FORMAT file)", folder)));
    if (missing)
        if (auto unused = expect_unused(env, folder); !unused) return unused;
    if (!missing)
        if (auto known = check_format(env, path); !known) return known;
    if (options.read_only) return {};
    auto status = missing ? create_format(env, options.data_dir) : rocksdb::Status::OK();
    if (status.ok()) status = sync_names(env, options.data_dir);
    if (status.ok()) return {};
    return std::unexpected(
        refuse(fmt::format("cannot write the data folder {}: {}", folder, status.ToString())));
}

}  // namespace yeyak::eventstore
