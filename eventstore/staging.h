// The writing side that every store shares: expectations, conditions, positions and versions are
// decided here, against the log plus all that is staged. A store adds how to look up and how to
// persist. One thread (see event_store.h).
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "eventstore/event_store.h"
#include "eventstore/lru_map.h"
#include "eventstore/tail.h"

namespace yeyak::eventstore {

inline constexpr std::size_t max_events_per_commit = 4096;
inline constexpr std::size_t max_payload_bytes = 1 << 20;
inline constexpr std::size_t max_commit_bytes = 64 << 20;
inline constexpr std::size_t max_name_bytes = 200;
inline constexpr std::size_t max_tags = 32;
inline constexpr std::size_t max_attributes = 32;
inline constexpr std::size_t max_attribute_bytes = 4096;  // names and values of an event together
// A batch of so much is flushed before more is staged: everybody whose work is in it waits for all
// of it, and the next condition is checked against all of it.
inline constexpr std::size_t full_batch_events = 8192;
inline constexpr std::size_t full_batch_bytes = 16 << 20;
// What the conditions of one commit may cost: values to be looked up, and entries of indexes to be
// looked at. Everybody else's commands wait meanwhile.
inline constexpr std::size_t max_condition_values = 100;
inline constexpr std::size_t max_condition_steps = 10'000;

// What one flush writes: the events with their records, and the newest value of each table key.
struct Batch {
    struct Entry {
        std::shared_ptr<RecordedEvent> event;
        std::string record;
    };
    std::vector<Entry> events;
    std::map<std::pair<Table, std::string>, std::optional<std::string>> tables;

    bool empty() const { return events.empty() && tables.empty(); }
};

// Whether a stream at that version, 0 when it holds nothing, is as a writer expects it.
bool meets(const Expected& expected, Version found);

class StagingStore : public EventStore {
  public:
    Capabilities capabilities() const override;
    std::expected<Staged, Conflict> stage(Commit commit) final;
    StoreResult<Position> flush() final;
    StoreResult<void> writable() override;
    bool is_full() const final;
    Version staged_head(std::string_view stream) final;
    Position staged_position() const final { return staged_position_; }
    std::optional<std::string> staged_value(Table table, std::string_view key) final;
    Position head() const final { return tail_.head(); }
    Tail& tail() const final { return tail_; }

  protected:
    explicit StagingStore(Position head)
        : tail_(head), staged_position_(head), times_marked_(head) {}

    // A batch is handed over before its events become visible; an error is final.
    virtual StoreResult<void> persist(const Batch& batch) = 0;
    virtual StoreResult<Version> stored_head(std::string_view stream) const = 0;
    // Ends all writing; the first reason stays.
    void fail(StoreError error);

  private:
    Version head_of(const std::string& stream);
    void note_time(Instant time);
    StoreResult<std::optional<Instant>> newest_noted() const;
    std::optional<Conflict> check_limits(const Commit& commit) const;
    std::optional<Conflict> check_streams(const Commit& commit);
    std::optional<Conflict> check_conditions(const std::vector<Unchanged>& conditions) const;
    std::optional<Conflict> check_condition(const Unchanged& condition, std::size_t steps) const;

    mutable Tail tail_;
    Position staged_position_;
    Batch batch_;
    std::size_t batch_bytes_ = 0;
    std::map<std::string, Version> staged_heads_;  // of the batch: must not be forgotten
    LruMap<Version> heads_{100'000};
    Position times_marked_;          // see times.h; here or not far behind
    std::optional<Instant> newest_;  // of the events; not known before the first one is staged
    std::optional<StoreError> failure_;
};

}  // namespace yeyak::eventstore
