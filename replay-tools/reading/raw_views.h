// The folder `views` as it is stored, key by key, so that two builds of a view can be compared byte
// for byte with their indexes, counts and checkpoints. Never writes.
#pragma once
#include <optional>

#include "projections/runner/view_store.h"
#include "replay-tools/reading/raw_database.h"

namespace yeyak::tools {

using projections::Build;

struct ActiveBuild {
    Build build;
    std::uint64_t projector_version = 0;
};

// Every entry of one build in the order of its keys, without what names the build.
class BuildCursor {
  public:
    enum class Kind : char { state = 'c', index = 'i', row = 'r' };

    BuildCursor(const RawDatabase& db, Build build);
    BuildCursor(BuildCursor&&) noexcept;
    ~BuildCursor();

    const Build& build() const { return build_; }
    bool valid() const;
    Kind kind() const { return kinds[at_kind_]; }
    std::string_view key() const;
    std::string_view value() const;
    void next();
    // Why there is nothing more, unless it is simply the end.
    eventstore::StoreResult<void> status() const;

    // Entries sort by kind and key.
    friend int compare(const BuildCursor& a, const BuildCursor& b);

  private:
    static constexpr Kind kinds[] = {Kind::state, Kind::index, Kind::row};
    void seek();

    Build build_;
    std::unique_ptr<rocksdb::Iterator> at_;
    std::size_t at_kind_ = 0;
    std::string prefix_;
};

class RawViews {
  public:
    // Nothing when there is no such folder: no view was ever built.
    static eventstore::StoreResult<std::unique_ptr<RawViews>> open(
        const std::filesystem::path& folder);

    // The build that readers see; nothing when the view was never built.
    eventstore::StoreResult<std::optional<ActiveBuild>> active(std::string_view view) const;
    eventstore::StoreResult<eventstore::Position> checkpoint(const Build& build) const;
    BuildCursor cursor(const Build& build) const { return {*db_, build}; }

  private:
    std::unique_ptr<RawDatabase> db_;
};

}  // namespace yeyak::tools
