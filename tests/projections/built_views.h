// Views that are built for a test, and as text so that two of them can be compared byte for byte.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "projections/runner/projector.h"
#include "tests/projections/logs.h"
#include "tests/systems.h"

namespace yeyak::tests {

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

std::unique_ptr<projections::ViewStore> open_views(const std::filesystem::path& folder);
std::string name_of(const projections::View& view);
// The first events of a log.
Log part_of(const Log& log, std::size_t size);
// Brings a build of a view to the end of the log in batches of the sizes that `next_size` says.
void build(projections::ViewStore& store, const projections::View& view,
           const projections::Build& build, const Log& log,
           const std::function<std::size_t()>& next_size);

// What is stored of a view: rows with their lists and versions, every index, counts, checkpoint.
struct Stored {
    std::string rows;    // a line each
    std::string parked;  // a line for each parked event
    std::string text;    // all of it
    eventstore::Position checkpoint = 0;
};
// By the names of the views.
using AllStored = std::map<std::string, Stored>;

// What a folder of views holds of a generation of each, read from the disk's format itself; the
// folder may be open.
AllStored stored_in(const std::filesystem::path& folder, std::uint64_t generation);
// The same without the number of events in it, for logs whose rows must agree and no more.
std::string without_checkpoint(const Stored& stored);

// Views that are built at once to compare others with. Builds share a store, each with a generation
// of its own, because to open one takes longer than to build all views; only some do, because to
// read it is to replay all that was written to it.
class Bench {
  public:
    AllStored built_at_once(const Log& log);
    // Of each view only as many events as `size` says.
    AllStored built_at_once(const Log& log,
                            const std::function<std::size_t(const projections::View&)>& size);

  private:
    static constexpr std::uint64_t builds_in_a_store = 10;
    struct Place {
        Folder folder;
        std::unique_ptr<projections::ViewStore> store = open_views(folder.path());
    };
    std::unique_ptr<Place> place_;
    std::uint64_t builds_ = 0;
};

}  // namespace yeyak::tests
