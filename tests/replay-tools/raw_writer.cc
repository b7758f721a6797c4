#include "tests/replay-tools/raw_writer.h"

#include "eventstore/rocks_store.h"
#include "kernel/ensure.h"

namespace yeyak::tools::testing {

RawWriter::RawWriter(const std::filesystem::path& folder,
                     const std::vector<std::string>& families) {
    std::vector<rocksdb::ColumnFamilyDescriptor> all{
        {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions{}}};
    for (const auto& name : families) all.emplace_back(name, rocksdb::ColumnFamilyOptions{});
    rocksdb::DB* db = nullptr;
    const auto status = rocksdb::DB::Open({}, folder.string(), all, &families_, &db);
    ensure(status.ok(), "the folder opens");
    db_.reset(db);
}

RawWriter::~RawWriter() {
    if (!db_) return;
    for (auto* family : families_) db_->DestroyColumnFamilyHandle(family);
    db_->Close();
}

std::string RawWriter::get(std::size_t family, const std::string& key) const {
    std::string value;
    ensure(db_->Get({}, families_[family], key, &value).ok(), "the key to damage is there");
    return value;
}

void RawWriter::put(std::size_t family, const std::string& key, const std::string& value) {
    ensure(db_->Put({}, families_[family], key, value).ok(), "the key is written");
}

void RawWriter::remove(std::size_t family, const std::string& key) {
    (void)get(family, key);
    ensure(db_->Delete({}, families_[family], key).ok(), "the key is deleted");
}

std::vector<std::string> RawWriter::keys(std::size_t family, const std::string& prefix) const {
    std::vector<std::string> found;
    rocksdb::ReadOptions options;
    options.total_order_seek = true;
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator(options, families_[family])};
    for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next())
        found.push_back(at->key().ToString());
    return found;
}

void append(const std::filesystem::path& data, const std::string& stream, std::string_view type,
            const std::string& payload, Instant time) {
    eventstore::RocksOptions options;
    options.data_dir = data;
    auto store = eventstore::RocksStore::open(options);
    ensure(store.has_value(), "the data folder opens");
    eventstore::StreamAppend events;
    events.stream = stream;
    events.events.emplace_back();
    events.events.back().type = type;
    events.events.back().payload = payload;
    eventstore::Commit commit;
    commit.time = time;
    commit.appends.push_back(std::move(events));
    ensure((*store)->stage(std::move(commit)).has_value(), "the event is staged");
    ensure((*store)->flush().has_value(), "the event is durable");
}

}  // namespace yeyak::tools::testing
