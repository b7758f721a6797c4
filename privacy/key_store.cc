#include "privacy/key_store.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "eventstore/lock_error.h"
#include "eventstore/pinned_format.h"
#include "kernel/ensure.h"

namespace yeyak::privacy {
namespace {

constexpr char format_version = 1;
constexpr std::string_view id_entry = "i";
constexpr std::string_view master_entry = "m";
constexpr std::string_view change_entry = "n";
constexpr std::size_t wrapped_size = nonce_size + sizeof(KeyBytes) + tag_size;
constexpr std::size_t ref_id_size = 8;

StoreError error_of(const rocksdb::Status& status, const std::filesystem::path& folder) {
    return {status.IsNoSpace() ? StoreError::Kind::no_space : StoreError::Kind::io,
            fmt::format("the keys of persons in {}: {}", folder.string(), status.ToString())};
}

// "k" and the 16 bytes of the name.
std::string entry_of(std::string_view name) {
    const auto bytes = from_hex(name);
    ensure(bytes && bytes->size() == key_name_bytes, "a key's name is 32 hexadecimal digits");
    return "k" + *bytes;
}

std::string value_of(const StoredKey& key) {
    std::string value{format_version};
    value += *from_hex(key.ref.id);
    value += key.master;
    value += key.wrapped;
    return value;
}

std::optional<StoredKey> stored_key(std::string_view entry, std::string_view value) {
    if (entry.size() != 1 + key_name_bytes || value.empty() || value.front() != format_version ||
        value.size() != 1 + ref_id_size + MasterKey::id_size + wrapped_size)
        return std::nullopt;
    StoredKey key;
    key.ref.name = to_hex(entry.substr(1));
    key.ref.id = to_hex(value.substr(1, ref_id_size));
    key.master = value.substr(1 + ref_id_size, MasterKey::id_size);
    key.wrapped = value.substr(1 + ref_id_size + MasterKey::id_size);
    return key;
}

StoreError unreadable(std::string_view entry, const std::filesystem::path& folder) {
    return {StoreError::Kind::corrupt,
            fmt::format("the keys of persons in {}: entry {} is not of a form that this program "
                        "knows; restore the folder from its backup",
                        folder.string(), to_hex(entry))};
}

rocksdb::Options options() {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    options.paranoid_checks = true;
    eventstore::pin_format(static_cast<rocksdb::DBOptions&>(options));
    eventstore::pin_format(static_cast<rocksdb::ColumnFamilyOptions&>(options),
                           rocksdb::kNoCompression, rocksdb::kDisableCompressionOption);
    options.write_buffer_size = 4 << 20;
    options.max_open_files = 64;
    options.max_background_jobs = 2;
    options.keep_log_file_num = 1;
    options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.block_cache = rocksdb::NewLRUCache(8 << 20);
    table.cache_index_and_filter_blocks = true;
    options.table_factory = eventstore::pinned_tables(table);
    return options;
}

// Whether one of the texts stands in the file; read piece by piece, so that its size is no matter.
bool holds(const std::filesystem::path& file, const std::vector<std::string>& texts) {
    std::ifstream in{file, std::ios::binary};
    std::string window;
    std::string piece(1 << 20, '\0');
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        window.append(piece, 0, static_cast<std::size_t>(in.gcount()));
        for (const auto& text : texts)
            if (window.contains(text)) return true;
        if (window.size() > wrapped_size) window.erase(0, window.size() - wrapped_size);
    }
    return false;
}

}  // namespace

std::string to_text(const KeyRef& ref) { return fmt::format("{}/{}", ref.name, ref.id); }

std::optional<KeyRef> parse_key_ref(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    KeyRef ref{std::string{text.substr(0, slash)}, std::string{text.substr(slash + 1)}};
    const auto name = from_hex(ref.name);
    const auto id = from_hex(ref.id);
    if (!name || name->size() != key_name_bytes || !id || id->size() != ref_id_size)
        return std::nullopt;
    return ref;
}

KeyStore::KeyStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
KeyStore::~KeyStore() = default;

StoreResult<std::unique_ptr<KeyStore>> KeyStore::open(const std::filesystem::path& folder,
                                                      bool write) {
    std::unique_ptr<KeyStore> self{new KeyStore{folder}};
    rocksdb::DB* db = nullptr;
    const auto status = write ? rocksdb::DB::Open(options(), folder.string(), &db)
                              : rocksdb::DB::OpenForReadOnly(options(), folder.string(), &db);
    if (!status.ok()) {
        auto error = error_of(status, folder);
        error.kind = StoreError::Kind::refused_open;
        auto locked = eventstore::lock_error(status, folder.string());
        return std::unexpected(locked ? *std::move(locked) : std::move(error));
    }
    self->db_.reset(db);
    if (write)
        if (auto made = self->make_id(); !made) return std::unexpected(std::move(made).error());
    return self;
}

StoreResult<void> KeyStore::make_id() {
    const auto known = id();
    if (!known) return std::unexpected(known.error());
    if (!known->empty()) return {};
    rocksdb::WriteBatch batch;
    batch.Put(rocksdb::Slice{id_entry}, format_version + random_bytes(MasterKey::id_size));
    return write(batch);
}

StoreResult<std::string> KeyStore::id() const {
    const auto id = id_in(id_entry);
    if (!id) return std::unexpected(id.error());
    return to_hex(id->value_or(""));
}

StoreResult<void> KeyStore::write(rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions durable;
    durable.sync = true;
    const auto status = db_->Write(durable, &batch);
    if (!status.ok()) return std::unexpected(error_of(status, folder_));
    return {};
}

StoreResult<std::optional<std::string>> KeyStore::id_in(std::string_view entry) const {
    std::string value;
    const auto status = db_->Get({}, rocksdb::Slice{entry}, &value);
    if (status.IsNotFound()) return std::optional<std::string>{};
    if (!status.ok()) return std::unexpected(error_of(status, folder_));
    if (value.size() != 1 + MasterKey::id_size || value.front() != format_version)
        return std::unexpected(unreadable(entry, folder_));
    return value.substr(1);
}

StoreResult<std::optional<std::string>> KeyStore::master() const { return id_in(master_entry); }

StoreResult<std::optional<std::string>> KeyStore::changing_to() const {
    return id_in(change_entry);
}

StoreResult<void> KeyStore::begin_change(const std::string& id) {
    rocksdb::WriteBatch batch;
    batch.Put(rocksdb::Slice{change_entry}, format_version + id);
    return write(batch);
}

StoreResult<void> KeyStore::set_master(const std::string& id) {
    rocksdb::WriteBatch batch;
    batch.Put(rocksdb::Slice{master_entry}, format_version + id);
    batch.Delete(rocksdb::Slice{change_entry});
    return write(batch);
}

StoreResult<std::optional<StoredKey>> KeyStore::get(std::string_view name) const {
    const auto entry = entry_of(name);
    std::string value;
    const auto status = db_->Get({}, entry, &value);
    if (status.IsNotFound()) return std::optional<StoredKey>{};
    if (!status.ok()) return std::unexpected(error_of(status, folder_));
    auto key = stored_key(entry, value);
    if (!key) return std::unexpected(unreadable(entry, folder_));
    return key;
}

StoreResult<void> KeyStore::put(const std::vector<StoredKey>& keys) {
    rocksdb::WriteBatch batch;
    for (const auto& key : keys) batch.Put(entry_of(key.ref.name), value_of(key));
    return write(batch);
}

// Another key of the same name is not meant.
StoreResult<std::vector<StoredKey>> KeyStore::meant(const std::vector<KeyRef>& refs) const {
    std::vector<StoredKey> keys;
    for (const auto& ref : refs) {
        auto stored = get(ref.name);
        if (!stored) return std::unexpected(std::move(stored).error());
        if (*stored && (*stored)->ref.id == ref.id) keys.push_back(**std::move(stored));
    }
    return keys;
}

StoreResult<void> KeyStore::forget(const std::vector<KeyRef>& refs) {
    const auto keys = meant(refs);
    if (!keys) return std::unexpected(keys.error());
    rocksdb::WriteBatch batch;
    for (const auto& key : *keys) batch.Delete(entry_of(key.ref.name));
    const auto status = db_->Write({}, &batch);
    if (!status.ok()) return std::unexpected(error_of(status, folder_));
    return {};
}

StoreResult<std::size_t> KeyStore::destroy(const std::vector<KeyRef>& refs) {
    const auto keys = meant(refs);
    if (!keys) return std::unexpected(keys.error());
    rocksdb::WriteBatch batch;
    std::vector<std::string> entries;
    std::vector<std::string> wrapped;
    for (const auto& key : *keys) {
        entries.push_back(entry_of(key.ref.name));
        wrapped.push_back(key.wrapped);
        batch.Delete(entries.back());
    }
    if (entries.empty()) return 0;
    if (auto deleted = write(batch); !deleted) return std::unexpected(deleted.error());
    for (const auto& entry : entries) {
        const rocksdb::Slice key{entry};
        if (auto replaced = replace_files(&key, &key); !replaced)
            return std::unexpected(replaced.error());
    }
    if (auto gone = expect_gone(wrapped); !gone) return std::unexpected(gone.error());
    return entries.size();
}

StoreResult<void> KeyStore::replace_files(const rocksdb::Slice* begin, const rocksdb::Slice* end) {
    auto status = db_->Flush({});
    rocksdb::CompactRangeOptions rewrite;
    rewrite.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    if (status.ok()) status = db_->CompactRange(rewrite, begin, end);
    if (!status.ok()) return std::unexpected(error_of(status, folder_));
    return {};
}

// RocksDB removes files that are not needed any more a moment after it has said so.
StoreResult<void> KeyStore::expect_gone(const std::vector<std::string>& wrapped) const {
    std::string found;
    for (int attempt = 0; attempt < 500; ++attempt) {
        found.clear();
        std::error_code ignored;
        for (const auto& file : std::filesystem::directory_iterator{folder_, ignored})
            if (holds(file.path(), wrapped)) found = file.path().string();
        if (found.empty()) return {};
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return std::unexpected(StoreError{
        StoreError::Kind::io,
        fmt::format("{} still holds a key that was to be destroyed; erase again", found)});
}

StoreResult<std::vector<StoredKey>> KeyStore::page(std::string_view after, std::size_t max) const {
    std::vector<StoredKey> keys;
    const std::unique_ptr<rocksdb::Iterator> entries{db_->NewIterator({})};
    const auto from = after.empty() ? std::string{"k"} : entry_of(after) + '\0';
    for (entries->Seek(from); entries->Valid() && keys.size() < max; entries->Next()) {
        if (!entries->key().starts_with("k")) break;
        auto key = stored_key(entries->key().ToStringView(), entries->value().ToStringView());
        if (!key) return std::unexpected(unreadable(entries->key().ToStringView(), folder_));
        keys.push_back(*std::move(key));
    }
    if (!entries->status().ok()) return std::unexpected(error_of(entries->status(), folder_));
    return keys;
}

StoreResult<void> KeyStore::copy_to(const std::filesystem::path& folder) const {
    rocksdb::Checkpoint* made = nullptr;
    auto status = rocksdb::Checkpoint::Create(db_.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint{made};
    if (status.ok()) status = checkpoint->CreateCheckpoint(folder.string());
    if (!status.ok()) return std::unexpected(error_of(status, folder));
    return {};
}

StoreResult<void> KeyStore::compact() { return replace_files(nullptr, nullptr); }

}  // namespace yeyak::privacy
