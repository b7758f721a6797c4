// Parked events: looking at them, trying them again, going on without one.
#include "projections/rebuild/parked.h"
#include "server/view_thread.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreResult;
using projections::ParkedEvent;

const std::set<Position>& ViewThread::skips_of(std::string_view view) const {
    return projections::skipped_in(skips_, view);
}

StoreResult<std::uint64_t> ViewThread::retry(ViewState& at, BuildState& build,
                                             std::string_view stream) {
    const auto done =
        projections::retry_parked(store_, views_, *build.lease, *build.builder, stream);
    if (done && &build == &at.live) at.parked = build.builder->parked();
    return done;
}

StoreResult<std::uint64_t> ViewThread::retry(std::string_view view, std::string_view stream) {
    auto& at = state_of(view);
    StoreResult<std::uint64_t> of_live = 0;
    for_each_open(at, [&](BuildState& build) {
        auto tried = retry(at, build, stream);
        if (!tried) fail(at, build, tried.error());
        if (&build == &at.live) of_live = std::move(tried);
    });
    return of_live;
}

StoreResult<std::uint64_t> ViewThread::skip(std::string_view view, const ParkedEvent& event) {
    auto& at = state_of(view);
    skips_[std::string{view}].insert(event.position);
    for_each_open(at, [&](BuildState& build) { build.builder->skip(event.position); });
    return retry(view, event.stream);
}

}  // namespace yeyak::server
