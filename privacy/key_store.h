// The keys of persons on disk: a RocksDB in the folder `keys` of a data folder, one wrapped key per
// person. eventstore/FORMAT.md describes its bytes. Nothing in it is compressed, so that what is
// gone can be seen to be gone.
//
// A destroyed key is gone from every file of the folder when destroy() has answered Ok: the entry
// is deleted, the write-ahead log and all table files that held it are replaced, and then every
// file is read to see that the wrapped bytes are in none.
//
// Threads: get() any thread; the writing side one thread. Errors are values.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event_store.h"
#include "privacy/master_key.h"

namespace rocksdb {
class DB;
class Slice;
class WriteBatch;
}  // namespace rocksdb

namespace yeyak::privacy {

using eventstore::StoreError;
using eventstore::StoreResult;

// Which key is meant, also after a person came back and has another one of the same name.
struct KeyRef {
    std::string name;  // 32 hexadecimal digits
    std::string id;    // 16 hexadecimal digits, random
    friend auto operator<=>(const KeyRef&, const KeyRef&) = default;
};
// "name/id", as it stands in events.
std::string to_text(const KeyRef& ref);
std::optional<KeyRef> parse_key_ref(std::string_view text);

struct StoredKey {
    KeyRef ref;
    std::string master;  // id of the master key that wraps it
    std::string wrapped;
};

class KeyStore {
  public:
    // `write` creates the folder when it is missing.
    static StoreResult<std::unique_ptr<KeyStore>> open(const std::filesystem::path& folder,
                                                       bool write);
    ~KeyStore();

    // Tells which store it is: 16 random hexadecimal digits, made with it; its copies have the
    // same. Empty when it was only read and an earlier version made it, which gave it none.
    StoreResult<std::string> id() const;

    // The id of the master key that the store was left with; nothing when it is new.
    StoreResult<std::optional<std::string>> master() const;
    // Also ends a change that was begun.
    StoreResult<void> set_master(const std::string& id);
    // While keys are wrapped anew, some are wrapped with one master key and some with another; the
    // id of the new one, or nothing.
    StoreResult<std::optional<std::string>> changing_to() const;
    StoreResult<void> begin_change(const std::string& id);

    StoreResult<std::optional<StoredKey>> get(std::string_view name) const;
    // All at once, durable when it answers.
    StoreResult<void> put(const std::vector<StoredKey>& keys);
    // Those of the references that are there; answers how many were. Durable and verified.
    StoreResult<std::size_t> destroy(const std::vector<KeyRef>& refs);
    // Those that never sealed anything that was kept: no file is replaced for them, and a hard end
    // of the process may bring one back.
    StoreResult<void> forget(const std::vector<KeyRef>& refs);
    // In the order of their names, from after `after` on; at most `max`.
    StoreResult<std::vector<StoredKey>> page(std::string_view after, std::size_t max) const;
    // Replaces every file that an earlier version of an entry may stand in.
    StoreResult<void> compact();
    // A copy in a folder that is not there yet; what is written meanwhile is in it or not. On the
    // same disk it may share files with the store until they are replaced.
    StoreResult<void> copy_to(const std::filesystem::path& folder) const;

  private:
    explicit KeyStore(std::filesystem::path folder);
    StoreResult<void> write(rocksdb::WriteBatch& batch);
    StoreResult<std::vector<StoredKey>> meant(const std::vector<KeyRef>& refs) const;
    StoreResult<void> make_id();
    StoreResult<std::optional<std::string>> id_in(std::string_view entry) const;
    StoreResult<void> replace_files(const rocksdb::Slice* begin, const rocksdb::Slice* end);
    StoreResult<void> expect_gone(const std::vector<std::string>& wrapped) const;

    std::filesystem::path folder_;
    std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace yeyak::privacy
