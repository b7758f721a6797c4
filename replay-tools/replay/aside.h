// Builds of views in a folder of their own, to be compared with the live ones and thrown away. The
// folder is removed with the object.
#pragma once
#include <filesystem>
#include <map>
#include <set>

#include "projections/runner/as_of.h"
#include "projections/runner/digest.h"
#include "replay-tools/reading/raw_views.h"

namespace yeyak::tools {

class Aside {
  public:
    // Where views of a data folder are built: in it, on a disk that is sure to be large enough; in
    // the system's temporary folder when it cannot be written. Removes what commands that were
    // killed left there; `prefix` names what is built.
    static std::filesystem::path place(const std::filesystem::path& data, std::string_view prefix);
    // The folder must not exist; it is created.
    static eventstore::StoreResult<std::unique_ptr<Aside>> create(std::filesystem::path folder);
    ~Aside();
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;

    static Build build_of(std::string_view view) { return {std::string{view}, 1}; }

    // `skipped`: events that operators have decided to go on without.
    eventstore::StoreResult<void> add(const projections::View& view,
                                      std::set<eventstore::Position> skipped);
    // Events in order, without gaps, from the first one on. One thread for each view.
    eventstore::StoreResult<void> apply(std::string_view view,
                                        const std::vector<eventstore::EventPtr>& events);
    // Builds one view up to `last` with the events of its categories alone; it was not added.
    eventstore::StoreResult<void> fold(const eventstore::EventStore& log,
                                       const projections::View& view, eventstore::Position last,
                                       const projections::Reached& reached);
    // While it is being built.
    const projections::ViewStore& store() const { return *store_; }
    // Of what was built so far.
    eventstore::StoreResult<projections::ViewDigest> digest(const projections::View& view) const;
    // Ends the building; what was built can be read until the end of this object.
    eventstore::StoreResult<const RawViews*> finish();

  private:
    explicit Aside(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path folder_;
    std::unique_ptr<projections::ViewStore> store_;
    std::map<std::string, std::unique_ptr<projections::Builder>, std::less<>> builders_;
    std::unique_ptr<RawViews> built_;
};

// Removes folders "<prefix>PID" in `parent` whose process is gone.
void remove_leftovers(const std::filesystem::path& parent, std::string_view prefix);

}  // namespace yeyak::tools
