// How two builds of a view differ, byte for byte: rows, index entries, counts and checkpoint.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "projections/runner/digest.h"
#include "projections/runner/row_changes.h"
#include "replay-tools/reading/raw_views.h"

namespace yeyak::tools {

// An event that a difference began with.
struct FirstEvent {
    eventstore::Position position = 0;
    std::string type;
    std::string stream;
    eventstore::Version version = 0;
    Instant time;
};

struct FieldChange {
    std::string field;  // "seen" for the versions that the row has counted
    std::string live;
    std::string rebuilt;
    std::optional<FirstEvent> first = {};  // see first_events.h
};

struct Difference {
    enum class Kind { added, removed, changed };
    Kind kind = Kind::changed;
    BuildCursor::Kind of = BuildCursor::Kind::row;
    std::string what;                      // "row 17", "index entry userId=1 of row 17"
    std::vector<FieldChange> changes;      // of a changed row
    std::string key = {};                  // of a row, as it is stored
    std::optional<FirstEvent> first = {};  // of a row that was added
};

struct Comparison {
    std::uint64_t rows = 0;  // of the rebuilt one
    std::uint64_t rows_added = 0;
    std::uint64_t rows_removed = 0;
    std::uint64_t rows_changed = 0;
    std::uint64_t index_added = 0;
    std::uint64_t index_removed = 0;
    std::uint64_t index_changed = 0;
    bool counts_differ = false;
    projections::ViewDigest live_digest;
    projections::ViewDigest rebuilt_digest;
    // The first ones: at most as many as asked for of rows, and as many of all the rest.
    std::vector<Difference> samples;

    bool same() const;
};

// The fields of a stored row, and "seen".
projections::RowFields fields_of(const projections::StoredRow& row);

// `live` and `rebuilt` must stand at the same checkpoint and be of the same version of the
// projector.
eventstore::StoreResult<Comparison> compare_builds(BuildCursor live, BuildCursor rebuilt,
                                                   std::uint32_t projector_version,
                                                   std::size_t max_samples);

}  // namespace yeyak::tools
