// Where view rows are kept: a RocksDB of its own (folder `views` of a data folder), because views
// can be thrown away and rebuilt from the log and the log cannot. Rows and checkpoint of a view
// change in one batch, so that every event counts once; the batches are not synced, a power cut
// only means that the newest events are applied again.
//
// A view has builds, called generations: the live one is what readers see, a candidate may be being
// built beside it, and the previous one is kept for a while after a switch, to go back to. A switch
// is one batch. Keys are described in eventstore/FORMAT.md.
//
// One thread writes a generation; any thread reads.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event_store.h"

// Whoever sees this header does not see RocksDB: tests/tidy/reach.py.
namespace rocksdb {
class DB;
class Iterator;
class WriteBatch;
}  // namespace rocksdb

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

// An event that a view could not apply, or that stands in its stream behind such a one.
struct ParkedEvent {
    std::string stream;
    Position position = 0;
    std::string type;
    std::string reason;  // why it could not be applied; empty when it only waits
    friend bool operator==(const ParkedEvent&, const ParkedEvent&) = default;
};

struct Generation {
    std::uint64_t number = 0;   // 0: there is none
    std::uint32_t version = 0;  // of the projector that builds it
    friend bool operator==(const Generation&, const Generation&) = default;
};

struct Candidate {
    Generation generation;
    bool paused = false;
    bool accepts_differences = false;
    std::string actor;  // who asked for it
    friend bool operator==(const Candidate&, const Candidate&) = default;
};

// The builds of a view.
struct Builds {
    Generation live;
    Generation previous;
    std::int64_t switched_ms = 0;       // when `live` became it, since 1970; 0: it always was
    std::uint32_t refused_version = 0;  // of the projector that readers were taken back from
    std::uint64_t greatest = 0;         // generation number that was ever given
    std::optional<Candidate> candidate;
};

// Rows sort by their key's bytes; numbers sort as numbers.
std::string number_key(std::int64_t number);

class ViewStore {
  public:
    // Creates the folder when it is missing. A damaged one is set aside (folder views.damaged-N)
    // and begun anew: everything in it can be rebuilt. Read-only opens never write.
    // At most `max_open_files` tables are open at a time; -1: all.
    static StoreResult<std::unique_ptr<ViewStore>> open(const std::filesystem::path& folder,
                                                        bool read_only, int max_open_files = -1);
    ~ViewStore();

    // --- generations --------------------------------------------------------------------------
    StoreResult<Builds> builds(std::string_view view) const;
    // The build that readers see; generation 0 when it was not built by `projector_version`.
    StoreResult<Build> active(std::string_view view, std::uint32_t projector_version) const;
    // One that no version of the projector has used yet.
    StoreResult<Build> next_build(std::string_view view) const;
    // Makes a build the live one, durably, and forgets and drops all others.
    StoreResult<void> activate(const Build& build, std::uint32_t projector_version);
    // Drops what a build holds.
    StoreResult<void> drop(const Build& build);
    // Drops every build that builds() does not name: what a crash left.
    StoreResult<void> drop_unnamed(std::string_view view);
    StoreResult<std::vector<std::string>> views() const;

    // A candidate is remembered, so that the program goes on with it after a restart.
    StoreResult<void> put_candidate(std::string_view view, const Candidate& candidate);
    // Forgets and drops it.
    StoreResult<void> drop_candidate(std::string_view view);
    // What becomes live, and what is to be told of it in the log once it is.
    struct Switch {
        std::int64_t at_ms = 0;  // since 1970
        std::string note;        // kept until note_done(); see notes()
    };
    // The candidate becomes live, the live build the previous one: one synced batch. The previous
    // build until then is forgotten; drop it when nobody reads it any more.
    StoreResult<void> flip(std::string_view view, const Switch& to);
    // The previous build becomes live again, and the live one the previous: one synced batch.
    StoreResult<void> roll_back(std::string_view view, const Switch& to);
    // Forgets the previous build; drop it when nobody reads it any more.
    StoreResult<void> forget_previous(std::string_view view);
    // What has not yet been told in the log: by the key to be given to note_done().
    StoreResult<std::vector<std::pair<std::string, std::string>>> notes() const;
    StoreResult<void> note_done(std::string_view key);

    // While large builds are written nothing is compacted.
    StoreResult<void> begin_bulk();
    StoreResult<void> end_bulk();
    // Makes durable what was written without the write-ahead log.
    StoreResult<void> flush();

    // A copy of the whole store as it is now, in a folder that does not exist yet. Files that do
    // not change are shared (hard links), so it takes the time of a flush. Any thread.
    StoreResult<void> copy_to(const std::filesystem::path& folder) const;
    // For RocksDB's own tools, which copy it while it is written.
    rocksdb::DB& database() const { return *db_; }
    // For a reading that may still be under way when the store ends.
    std::shared_ptr<rocksdb::DB> share() const { return db_; }

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
        Frozen(Frozen&&) noexcept;
        Frozen& operator=(Frozen&&) noexcept;
        ~Frozen();
        const Build& build() const { return build_; }
        StoreResult<Position> checkpoint() const;
        // As stored with the checkpoint.
        StoreResult<RowCounts> counts() const;
        // Calls `visit` for the active rows in key order, then for the cancelled ones, until it
        // answers false. `stored` is what StoredRow is made of, as eventstore/FORMAT.md tells.
        using VisitStored =
            std::function<bool(List list, std::string_view key, std::string_view stored)>;
        StoreResult<void> rows(const VisitStored& visit) const;

      private:
        friend class ViewStore;
        Frozen(Build build, std::unique_ptr<rocksdb::Iterator> at);
        Build build_;
        std::unique_ptr<rocksdb::Iterator> at_;
    };
    Frozen freeze(const Build& build) const;

    // The parked events of a stream, or of all when it is empty, by stream and position.
    using VisitParked = std::function<bool(const ParkedEvent& event)>;
    StoreResult<void> scan_parked(const Build& build, std::string_view stream,
                                  const VisitParked& visit) const;

    // --- writing ------------------------------------------------------------------------------
    class Changes {
      public:
        explicit Changes(Build build);
        Changes(Changes&&) noexcept;
        Changes& operator=(Changes&&) noexcept;
        ~Changes();
        void put(List list, std::string_view key, const StoredRow& row);
        void remove(List list, std::string_view key);
        void put_index(std::string_view index, std::string_view value, std::string_view key);
        void remove_index(std::string_view index, std::string_view value, std::string_view key);
        void park(const ParkedEvent& event);
        void unpark(std::string_view stream, Position position);
        // Adds changes of the same build to other rows.
        void take(const Changes& other);

      private:
        friend class ViewStore;
        Build build_;
        std::unique_ptr<rocksdb::WriteBatch> batch_;
    };
    struct Writing {
        // Where the writer believes the build to stand; nothing is written when it does not,
        // because then somebody else writes it. Not looked at when it is not given.
        std::optional<Position> after = {};
        // Without the write-ahead log a crash loses the newest batches of this build, always whole
        // ones. Before a build that was written so is written with it, flush().
        bool logged = true;
    };
    StoreResult<void> write(Changes& changes, Position checkpoint, const RowCounts& counts,
                            const Writing& writing);
    StoreResult<void> write(Changes& changes, Position checkpoint, const RowCounts& counts) {
        return write(changes, checkpoint, counts, {});
    }

  private:
    explicit ViewStore(std::unique_ptr<rocksdb::DB> db);
    StoreResult<void> drop_all_but(std::string_view view, const std::vector<std::uint64_t>& kept);
    StoreResult<void> write_durably(rocksdb::WriteBatch& batch);
    std::shared_ptr<rocksdb::DB> db_;
};

}  // namespace yeyak::projections
