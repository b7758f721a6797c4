// Where view rows are kept: a RocksDB of its own (folder `views` of a data folder), because views
// can be thrown away and rebuilt from the log and the log cannot. Rows and checkpoint of a view
// change in one batch, so that every event counts once; the batches are not synced, a power cut
// only means that the newest events are applied again.
//
// A view has generations: one is active, another may be being built beside it. activate() switches
// in one batch. Keys are described in eventstore/FORMAT.md.
//
// One thread writes a generation; any thread reads.
#pragma once
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event_store.h"

namespace yeyak::projections {

using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;

// Which build of a view: its name and generation.
struct Build {
    std::string view;
    std::uint64_t generation = 0;
    friend bool operator==(const Build&, const Build&) = default;
};

// A row as stored: what it has seen of each source stream, and the JSON that readers get.
struct StoredRow {
    std::vector<std::uint64_t> seen;  // last version applied, per source of the view
    std::string json;
    friend bool operator==(const StoredRow&, const StoredRow&) = default;
};

// Rows stand in one of two lists: what a listing shows by default, and what has been cancelled.
enum class List : char { active = 'a', cancelled = 'x' };

struct RowCounts {
    std::int64_t active = 0;
    std::int64_t cancelled = 0;
};

// Rows sort by their key's bytes; numbers sort as numbers.
std::string number_key(std::int64_t number);

class ViewStore {
  public:
    // Creates the folder when it is missing. A damaged one is set aside (folder views.damaged-N)
    // and begun anew: everything in it can be rebuilt. Read-only opens never write.
    static StoreResult<std::unique_ptr<ViewStore>> open(const std::filesystem::path& folder,
                                                        bool read_only);
    ~ViewStore();

    // --- generations --------------------------------------------------------------------------
    // The build that readers see; generation 0 when the view was never built by
    // `projector_version`.
    StoreResult<Build> active(std::string_view view, std::uint32_t projector_version) const;
    // One that no version of the projector has used yet.
    StoreResult<Build> next_build(std::string_view view) const;
    // Switches readers to a build, durably, and then forgets all other generations of the view.
    StoreResult<void> activate(const Build& build, std::uint32_t projector_version);
    StoreResult<void> drop(const Build& build);
    StoreResult<std::vector<std::string>> views() const;

    // While a large build is written nothing is logged and nothing is compacted: a crash loses the
    // build, which nobody reads yet. activate() makes it durable before it switches.
    StoreResult<void> begin_bulk();
    StoreResult<void> end_bulk();

    // A store that is thrown away and never opened again after a crash: nothing is logged.
    void keep_no_log() { bulk_ = true; }
    // A copy of the whole store as it is now, in a folder that does not exist yet. Files that do
    // not change are shared (hard links), so it takes the time of a flush. Any thread.
    StoreResult<void> copy_to(const std::filesystem::path& folder) const;
    // For RocksDB's own tools, which copy it while it is written.
    rocksdb::DB& database() const { return *db_; }

    // --- reading ------------------------------------------------------------------------------
    StoreResult<Position> checkpoint(const Build& build) const;
    StoreResult<RowCounts> counts(const Build& build) const;
    StoreResult<std::optional<StoredRow>> row(const Build& build, std::string_view key) const;
    struct Found {
        List list;
        StoredRow row;
    };
    StoreResult<std::optional<Found>> find(const Build& build, std::string_view key) const;

    // Calls `visit(key, row)` in key order until it answers false.
    using Visit = std::function<bool(std::string_view key, StoredRow row)>;
    StoreResult<void> scan(const Build& build, List list, bool descending,
                           const Visit& visit) const;
    // The keys of the rows whose index has this value, in key order, until `visit` answers false.
    using VisitKey = std::function<bool(std::string_view key)>;
    StoreResult<void> scan_index(const Build& build, std::string_view index, std::string_view value,
                                 bool descending, const VisitKey& visit) const;

    // One build as it stood at one moment, whatever is written meanwhile. The store must outlive
    // it. One thread.
    class Frozen {
      public:
        StoreResult<Position> checkpoint() const;
        // Calls `visit` for the active rows in key order, then for the cancelled ones, until it
        // answers false. `stored` is what StoredRow is made of, as eventstore/FORMAT.md tells.
        using VisitStored =
            std::function<bool(List list, std::string_view key, std::string_view stored)>;
        StoreResult<void> rows(const VisitStored& visit) const;

      private:
        friend class ViewStore;
        Frozen(Build build, std::unique_ptr<rocksdb::Iterator> at)
            : build_(std::move(build)), at_(std::move(at)) {}
        Build build_;
        std::unique_ptr<rocksdb::Iterator> at_;
    };
    Frozen freeze(const Build& build) const;

    // --- writing ------------------------------------------------------------------------------
    class Changes {
      public:
        explicit Changes(Build build) : build_(std::move(build)) {}
        void put(List list, std::string_view key, const StoredRow& row);
        void remove(List list, std::string_view key);
        void put_index(std::string_view index, std::string_view value, std::string_view key);
        void remove_index(std::string_view index, std::string_view value, std::string_view key);

      private:
        friend class ViewStore;
        Build build_;
        rocksdb::WriteBatch batch_;
    };
    StoreResult<void> write(Changes& changes, Position checkpoint, const RowCounts& counts);

  private:
    explicit ViewStore(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}
    StoreResult<void> drop_others(const Build& kept);
    std::unique_ptr<rocksdb::DB> db_;
    bool bulk_ = false;
};

}  // namespace yeyak::projections
