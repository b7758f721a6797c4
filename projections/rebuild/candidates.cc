#include "projections/rebuild/candidates.h"

namespace yeyak::projections {

StoreResult<std::optional<Candidate>> kept_candidate(ViewStore& store, const View& view) {
    auto builds = store.builds(view.name());
    if (!builds) return std::unexpected(std::move(builds).error());
    auto& candidate = builds->candidate;
    if (!candidate || candidate->generation.version == view.version()) return std::move(candidate);
    if (auto dropped = store.drop_candidate(view.name()); !dropped)
        return std::unexpected(std::move(dropped).error());
    return std::nullopt;
}

StoreResult<Candidate> new_candidate(ViewStore& store, const View& view, std::string actor,
                                     bool accepts_differences) {
    if (auto dropped = store.drop_candidate(view.name()); !dropped)
        return std::unexpected(std::move(dropped).error());
    const auto build = store.next_build(view.name());
    if (!build) return std::unexpected(build.error());
    Candidate candidate;
    candidate.generation = {build->generation, view.version()};
    candidate.accepts_differences = accepts_differences;
    candidate.actor = std::move(actor);
    if (auto kept = store.put_candidate(view.name(), candidate); !kept)
        return std::unexpected(std::move(kept).error());
    return candidate;
}

}  // namespace yeyak::projections
