#include "audit/backup/folder.h"

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/utilities/backup_engine.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "audit/proofs/files.h"
#include "audit/proofs/tiles.h"
#include "eventstore/lock_error.h"
#include "eventstore/pinned_format.h"

namespace yeyak::backup {
namespace {

namespace fs = std::filesystem;
using eventstore::sha256;
using eventstore::Sha256;
using eventstore::to_hex;

constexpr std::string_view format_text = "yeyak backup format 1\n";
constexpr std::string_view unfinished = ".new";

StoreError refuse(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}
StoreError damaged(std::string detail) { return {StoreError::Kind::corrupt, std::move(detail)}; }

class NoLogger final : public rocksdb::Logger {
  public:
    NoLogger() : Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
    using Logger::Logv;
    void Logv(const char*, va_list) override {}
};

StoreResult<void> make_folders(const fs::path& path) {
    std::error_code failed;
    fs::create_directories(path, failed);
    if (!failed) return {};
    return std::unexpected(StoreError{
        StoreError::Kind::io,
        fmt::format("cannot create the folder {}: {}", path.string(), failed.message())});
}

fs::path note_path(const fs::path& folder, std::uint64_t number) {
    return folder / "manifests" / fmt::format("{:08}", number);
}

fs::path list_path(const fs::path& folder, std::uint64_t number) {
    return folder / "manifests" / fmt::format("{:08}.files", number);
}

bool means_full(std::string_view text) {
    return text.find("No space left") != text.npos || text.find("File too large") != text.npos ||
           text.find("quota exceeded") != text.npos;
}

StoreError no_room(const fs::path& folder, std::string_view text) {
    return {StoreError::Kind::no_space,
            fmt::format("{} has no room for this backup ({}); the backups taken before are as they "
                        "were: make room, or prune, and take it again",
                        folder.string(), text)};
}

}  // namespace

const std::shared_ptr<rocksdb::Logger>& no_logger() {
    static const std::shared_ptr<rocksdb::Logger> logger = std::make_shared<NoLogger>();
    return logger;
}

StoreError backup_error(const fs::path& folder, const rocksdb::Status& status) {
    const auto text = status.ToString();
    if (status.IsNoSpace() || means_full(text)) return no_room(folder, text);
    return {status.IsCorruption() ? StoreError::Kind::corrupt : StoreError::Kind::io,
            fmt::format("backup in {}: {}", folder.string(), text)};
}

rocksdb::BackupEngineOptions backup_options(const fs::path& folder) {
    rocksdb::BackupEngineOptions options{folder.string()};
    eventstore::pin_format(options);
    options.share_table_files = true;
    options.share_files_with_checksum = true;
    options.sync = true;
    options.max_background_operations = 2;
    options.callback_trigger_interval_size = 1 << 20;
    return options;
}

StoreResult<void> expect_apart(std::string_view what, const fs::path& folder,
                               const fs::path& other) {
    const auto within = [](const fs::path& inner, const fs::path& outer) {
        std::error_code ignored;
        const auto relative = fs::weakly_canonical(inner, ignored)
                                  .lexically_relative(fs::weakly_canonical(outer, ignored));
        return !relative.empty() && *relative.begin() != "..";
    };
    if (!within(folder, other) && !within(other, folder)) return {};
    return std::unexpected(
        refuse(fmt::format("{} and {} lie in one another; {} belongs apart, on another disk",
                           folder.string(), other.string(), what)));
}

StoreResult<void> write_whole(const fs::path& file, std::string_view bytes) {
    auto written = audit::replace_file(file, bytes, 0644);
    if (written || !means_full(written.error().detail)) return written;
    return std::unexpected(no_room(file.parent_path(), written.error().detail));
}

StoreResult<void> read_parts(const fs::path& file, std::size_t size,
                             const std::function<bool(std::string_view part)>& part) {
    std::ifstream in{file, std::ios::binary};
    const auto failed = [&] {
        return std::unexpected(
            StoreError{StoreError::Kind::io,
                       fmt::format("cannot read {}: {}", file.string(), std::strerror(errno))});
    };
    if (!in) return failed();
    std::string buffer(size, '\0');
    while (true) {
        in.read(buffer.data(), static_cast<std::streamsize>(size));
        const auto read = static_cast<std::size_t>(in.gcount());
        if (in.bad()) return failed();
        if (read > 0 && !part({buffer.data(), read})) return {};
        if (read < size) return {};
    }
}

StoreResult<std::string> read_whole(const fs::path& file) {
    std::error_code missing;
    const auto size = fs::file_size(file, missing);
    using Read = StoreResult<std::optional<std::string>>;
    auto read = missing ? Read{std::nullopt} : audit::read_file(file, size);
    if (!read) return std::unexpected(std::move(read).error());
    if (!*read)
        return std::unexpected(
            StoreError{StoreError::Kind::io, fmt::format("{} is missing", file.string())});
    return **std::move(read);
}

StoreResult<Sha256> sha256_of_file(const fs::path& file) {
    eventstore::Sha256Stream hash;
    const auto read = read_parts(file, 1 << 20, [&](std::string_view part) {
        hash.update(part);
        return true;
    });
    if (!read) return std::unexpected(read.error());
    return hash.finish();
}

StoreResult<FolderLock> FolderLock::take(const fs::path& file, const fs::path& folder) {
    rocksdb::FileLock* lock = nullptr;
    const auto status = rocksdb::Env::Default()->LockFile(file.string(), &lock);
    if (status.ok()) return FolderLock{lock};
    auto error = eventstore::lock_error(status, folder.string());
    return std::unexpected(error ? *std::move(error) : refuse(status.ToString()));
}

FolderLock::~FolderLock() {
    if (lock_) rocksdb::Env::Default()->UnlockFile(lock_).PermitUncheckedError();
}

StoreResult<BackupFolder> BackupFolder::open(fs::path path) {
    const auto format = read_whole(path / "BACKUP");
    if (format && *format == format_text) return BackupFolder{path};
    return std::unexpected(refuse(
        format ? fmt::format("{} holds backups of an unknown format; this program reads format 1",
                             path.string())
               : fmt::format("{} is no folder of backups: it has no file BACKUP", path.string())));
}

StoreResult<BackupFolder> BackupFolder::create(fs::path path, const audit::VerifierKey& verifier) {
    if (auto made = make_folders(path); !made) return std::unexpected(made.error());
    if (!fs::exists(path / "BACKUP")) {
        std::error_code failed;
        for (const auto& entry : fs::directory_iterator{path, failed}) {
            const auto name = entry.path().filename().string();
            // Of a first backup that was cut short, or what a file system itself puts there.
            if (name == "verifier" || name.ends_with(unfinished) || name == "lost+found") continue;
            return std::unexpected(refuse(fmt::format(
                "{} is not empty and holds no backups; choose a new folder", path.string())));
        }
        auto written = write_whole(path / "verifier", verifier.text() + "\n");
        if (written) written = write_whole(path / "BACKUP", format_text);
        if (!written) return std::unexpected(written.error());
    }
    auto folder = open(path);
    if (!folder) return folder;
    for (const auto* name : {"manifests", "files", "log", "views"})
        if (auto made = make_folders(path / name); !made) return std::unexpected(made.error());
    return folder;
}

StoreResult<std::vector<std::uint64_t>> BackupFolder::numbers() const {
    std::vector<std::uint64_t> all;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator{path_ / "manifests", failed}) {
        const auto name = entry.path().filename().string();
        if (name.size() < 8) continue;
        const auto digits = name.find_first_not_of('0');
        if (digits == name.npos) continue;
        const auto number = audit::decimal(std::string_view{name}.substr(digits));
        if (number && fmt::format("{:08}", *number) == name) all.push_back(*number);
    }
    if (failed)
        return std::unexpected(StoreError{
            StoreError::Kind::io,
            fmt::format("cannot list {}: {}", (path_ / "manifests").string(), failed.message())});
    std::ranges::sort(all);
    return all;
}

StoreResult<audit::VerifierKey> BackupFolder::kept_verifier() const {
    const auto text = read_whole(path_ / "verifier");
    if (!text) return std::unexpected(text.error());
    auto key = audit::VerifierKey::parse(*text);
    if (!key)
        return std::unexpected(
            damaged(fmt::format("{}: {}", (path_ / "verifier").string(), key.error())));
    return *std::move(key);
}

StoreResult<OpenedManifest> BackupFolder::parse(std::uint64_t number, std::string_view note,
                                                std::string_view text) const {
    auto manifest = parse_backup_manifest(text);
    if (!manifest)
        return std::unexpected(
            damaged(fmt::format("{} {}", note_path(path_, number).string(), manifest.error())));
    if (manifest->number != number)
        return std::unexpected(damaged(fmt::format(
            "{} is the note of backup {}", note_path(path_, number).string(), manifest->number)));
    return OpenedManifest{*std::move(manifest), sha256({note})};
}

StoreResult<OpenedManifest> BackupFolder::manifest(std::uint64_t number,
                                                   const audit::VerifierKey& key) const {
    const auto note = read_whole(note_path(path_, number));
    if (!note) return std::unexpected(note.error());
    const auto text = audit::open_note(*note, key);
    if (!text)
        return std::unexpected(damaged(fmt::format(
            "backup {}: {}: {}", number, note_path(path_, number).string(), text.error())));
    auto opened = parse(number, *note, *text);
    if (opened && opened->manifest.log != key.name())
        return std::unexpected(damaged(fmt::format("backup {} is of the log {}, not of {}", number,
                                                   opened->manifest.log, key.name())));
    return opened;
}

StoreResult<OpenedManifest> BackupFolder::unchecked_manifest(std::uint64_t number) const {
    const auto note = read_whole(note_path(path_, number));
    if (!note) return std::unexpected(note.error());
    const auto parsed = audit::parse_note(*note);
    if (!parsed)
        return std::unexpected(
            damaged(fmt::format("{}: {}", note_path(path_, number).string(), parsed.error())));
    return parse(number, *note, parsed->text);
}

StoreResult<BackupList> BackupFolder::list(const BackupManifest& manifest) const {
    const auto path = list_path(path_, manifest.number);
    const auto text = read_whole(path);
    if (!text) return std::unexpected(text.error());
    if (sha256({*text}) != manifest.list)
        return std::unexpected(
            damaged(fmt::format("{} is not the list that was signed", path.string())));
    auto list = parse_backup_list(*text);
    if (!list) return std::unexpected(damaged(fmt::format("{}: {}", path.string(), list.error())));
    return *std::move(list);
}

StoreResult<void> BackupFolder::add(const BackupManifest& manifest, const BackupList& list,
                                    const audit::SigningKey& key) const {
    auto written = write_whole(list_path(path_, manifest.number), to_text(list));
    if (!written) return written;
    return write_whole(note_path(path_, manifest.number), audit::sign_note(to_text(manifest), key));
}

StoreResult<void> BackupFolder::remove(std::uint64_t number) const {
    std::error_code failed;
    for (const auto& path : {note_path(path_, number), list_path(path_, number)})
        if (fs::remove(path, failed); failed)
            return std::unexpected(
                StoreError{StoreError::Kind::io,
                           fmt::format("cannot remove {}: {}", path.string(), failed.message())});
    return audit::sync_folder(path_ / "manifests");
}

}  // namespace yeyak::backup
