// Logs to build views from, and views as text so that two of them can be compared byte for byte.
#pragma once
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "projections/registry.h"

namespace yeyak::tests {

using Log = std::vector<eventstore::EventPtr>;

// An empty folder that is gone afterwards.
class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

// The streams of `reservations` pre-reservations: some cancelled, some declined, some with receipts
// that were withdrawn; and events of other systems between them.
std::vector<Log> some_streams(std::mt19937_64& random, int reservations);
// Their events in one order that keeps every stream's own.
Log interleave(std::mt19937_64& random, const std::vector<Log>& streams);
eventstore::EventPtr at_position(const eventstore::EventPtr& event, eventstore::Position position);

std::unique_ptr<projections::ViewStore> open_views(const std::filesystem::path& folder);
// Brings a build of a view to the end of the log in batches of the sizes that `next_size` says.
void build(projections::ViewStore& store, const projections::View& view,
           const projections::Build& build, const Log& log,
           const std::function<std::size_t()>& next_size);
// Rows with their lists and versions, every index, counts and checkpoint.
std::string text_of(const projections::ViewStore& store, const projections::Build& build);

}  // namespace yeyak::tests
