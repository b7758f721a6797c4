// The port between Yeyak and whatever keeps its log. RocksDB and an in-memory store stand behind
// it; nothing above may assume a local disk or a synchronous answer.
//
// Writing. One thread, the sequencer, owns the writing side: it stages commits, each checked
// against all that was staged before it, and then flushes them as one unit. Nothing staged is
// visible or may be acknowledged before flush() has answered Ok. When flush() answers otherwise,
// the outcome is unknown: the store takes no more writes and the process must end and recover.
//
// Reading. Any thread, at any time; only what is durable is seen.
//
// Errors are values. Corruption stops the reader with the place named; it is never skipped.
#pragma once
#include <cstddef>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "eventstore/event.h"

namespace yeyak::eventstore {

class Tail;

// What a writer expects of a stream.
struct Expected {
    enum class Kind { any, no_stream, exists, exact };
    Kind kind = Kind::any;
    Version version = 0;  // for exact; exact 0 means the same as no_stream

    static Expected any() { return {}; }
    static Expected no_stream() { return {Kind::no_stream, 0}; }
    static Expected exists() { return {Kind::exists, 0}; }
    static Expected exactly(Version v) { return {Kind::exact, v}; }
};

// Selects events: within a list any value will do, and every list that is not empty must be met.
struct Filter {
    std::vector<std::string> categories;
    std::vector<std::string> types;
    std::vector<std::string> tags;

    bool empty() const { return categories.empty() && types.empty() && tags.empty(); }
    std::size_t values() const { return categories.size() + types.size() + tags.size(); }
    bool matches(std::string_view stream, const NewEvent& event) const;
};

// A commit may name a stream again to go on after other appends; only the first may expect
// anything.
struct StreamAppend {
    std::string stream;
    Expected expected;
    std::vector<NewEvent> events;
};

// A condition wider than a stream: no event after `after` matches `filter` (a dynamic consistency
// boundary).
struct Unchanged {
    Filter filter;
    Position after = 0;
};

// Small durable values that change together with events.
enum class Table : std::uint8_t {
    idempotency = 1,  // command key -> its answer
    outbox = 2,       // effect id -> effect asked for and not yet answered
    timer = 3,        // due time and owner -> command to give when it is due
    inbox = 4,        // context and arrival -> message that waits for a stopped context
    counter = 5,      // collection -> last number given out
    snapshot = 6,     // stream -> folded state; a cache
    checkpoint = 7,   // follower -> last position handled
    setting = 8,      // what an operator set: contexts that are down, and the like
    guard = 9,        // what a rule wider than one stream counts
    event_id = 10,    // source and id that a writer gave -> where the event stands
    time = 11,        // first position of events whose times do not go back; see times.h
};

struct TableWrite {
    Table table;
    std::string key;
    std::optional<std::string> value;  // nothing deletes
};

// All or nothing. Events get their positions in the order of `appends`; a stream may occur several
// times, its expectation counts where it occurs first and is `any` from then on.
struct Commit {
    Instant time;  // recorded with every event of the commit
    std::vector<StreamAppend> appends;
    std::vector<Unchanged> conditions;
    std::vector<TableWrite> writes;
};

// Where the events of a staged commit will stand once they are durable.
struct Staged {
    Position first = 0;  // 0 when the commit holds no event
    Position last = 0;
    std::vector<Version> versions;  // last version of each append, in order
};

// Why a commit was refused; nothing of it was staged.
struct Conflict {
    enum class Kind { stream, condition, too_wide, limit, unavailable };
    Kind kind = Kind::stream;
    std::string stream;     // the stream whose version differs
    Version found = 0;      // its version
    std::size_t index = 0;  // which append or condition
    Position position = 0;  // for a condition: the event that matched
    // For a limit: what is too large; for too_wide: why a condition cannot be checked, although
    // nothing may have met it; for unavailable: what failed.
    std::string detail;
};

struct StoreError {
    enum class Kind {
        corrupt,       // bytes on disk contradict themselves; never served
        io,            // the disk or the engine failed
        no_space,      // below the disk headroom: writes are refused, reads go on
        unknown,       // a flush failed: the staged events may or may not be durable
        refused_open,  // the folder may not be opened; the detail says what to do
        busy           // more waits than may wait; nothing was begun
    };
    Kind kind = Kind::io;
    std::string detail;
};

template <class T>
using StoreResult = std::expected<T, StoreError>;

struct Capabilities {
    bool durable_before_ack = false;  // Ok means that it survives a power cut
    bool gapless_positions = false;   // positions are 1, 2, 3 … in commit order
    bool atomic_across_streams = false;
    std::size_t max_events_per_commit = 0;
    std::size_t max_payload_bytes = 0;
};

enum class Direction { forward, backward };

inline constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

struct StreamQuery {
    std::string stream;
    Version from =
        0;  // first version wanted in this direction; 0: the oldest, or the newest backward
    Direction direction = Direction::forward;
    std::size_t max_events = 1000;
    std::size_t max_bytes = unlimited;  // ends a page early; a page holds at least one event
};

struct AllQuery {
    Position after = 0;
    Filter filter;
    std::size_t max_events = 1000;
    std::size_t max_bytes = 4 << 20;  // ends a page early; a page holds at least one event
    // How many entries of indexes, or events, are looked at; then the page ends early, perhaps
    // without any event. What a filter costs is not what it finds.
    std::size_t max_steps = unlimited;
};

struct Page {
    std::vector<EventPtr> events;
    Position next_after = 0;  // read_all: pass as `after` for the next page
    bool end = false;         // nothing more at the time of reading
};

struct TableEntry {
    std::string key;
    std::string value;
};

class EventStore {
  public:
    virtual ~EventStore() = default;

    virtual Capabilities capabilities() const = 0;

    // --- writing: the sequencer's thread only
    // ----------------------------------------------------- Checks a commit against the log and all
    // that is staged, gives it its positions. Limits: see capabilities(); names are 1 to 200 bytes
    // without control characters.
    virtual std::expected<Staged, Conflict> stage(Commit commit) = 0;
    // Makes everything staged durable and then visible, as one unit; answers the log's head.
    virtual StoreResult<Position> flush() = 0;
    // Whether a commit may be staged at all now: no_space below the headroom, unknown after a
    // failure.
    virtual StoreResult<void> writable() = 0;
    // Enough is staged to be flushed before anything more is.
    virtual bool is_full() const = 0;
    virtual Version staged_head(std::string_view stream) = 0;
    virtual Position staged_position() const = 0;
    virtual std::optional<std::string> staged_value(Table table, std::string_view key) = 0;

    // --- reading: any thread
    // ----------------------------------------------------------------------
    virtual Position head() const = 0;
    virtual StoreResult<Page> read_stream(const StreamQuery& query) const = 0;
    virtual StoreResult<Page> read_all(const AllQuery& query) const = 0;
    virtual StoreResult<std::optional<std::string>> value(Table table,
                                                          std::string_view key) const = 0;
    // Entries whose keys begin with `prefix` and are greater than `after`, in order of their bytes.
    virtual StoreResult<std::vector<TableEntry>> entries(Table table, std::string_view prefix,
                                                         std::string_view after,
                                                         std::size_t max) const = 0;
    // The newest events in memory and the bell that rings when there are more.
    virtual Tail& tail() const = 0;
};

}  // namespace yeyak::eventstore
