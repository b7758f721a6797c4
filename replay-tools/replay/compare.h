// How two builds of a view differ, byte for byte: rows, index entries, counts and checkpoint.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "replay-tools/reading/raw_views.h"

namespace yeyak::tools {

struct FieldChange {
    std::string field;  // "seen" for the versions that the row has counted
    std::string live;
    std::string rebuilt;
};

struct Difference {
    enum class Kind { added, removed, changed };
    Kind kind = Kind::changed;
    BuildCursor::Kind of = BuildCursor::Kind::row;
    std::string what;                  // "row 17", "index entry userId=1 of row 17"
    std::vector<FieldChange> changes;  // of a changed row
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
    std::string live_digest;
    std::string rebuilt_digest;
    std::vector<Difference> samples;  // the first ones, at most as many as asked for

    bool same() const;
};

// `live` and `rebuilt` must stand at the same checkpoint.
eventstore::StoreResult<Comparison> compare_builds(BuildCursor live, BuildCursor rebuilt,
                                                   std::size_t max_samples);

}  // namespace yeyak::tools
