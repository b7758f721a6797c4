// Parked events: looking at them, trying them again, going on without one.
#include "projections/rebuild/parked.h"
#include "server/view_thread.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreResult;
using projections::ParkedEvent;

const std::set<Position>& ViewThread::skips_of(std::string_view view) const {
    static const std::set<Position> none;
    const auto found = skips_.find(view);
    return found == skips_.end() ? none : found->second;
}

StoreResult<std::uint64_t> ViewThread::retry(Line& at, Track& track, std::string_view stream) {
    const auto done =
        projections::retry_parked(store_, views_, *track.build, *track.builder, stream);
    if (done && &track == &at.live) at.parked = track.builder->parked();
    return done;
}

StoreResult<std::uint64_t> ViewThread::retry(std::string_view view, std::string_view stream) {
    auto& at = line(view);
    std::uint64_t done = 0;
    for (auto* each : {&at.live, at.previous.get(), at.candidate.get()}) {
        if (!each || !each->builder || (each == &at.live && !at.failure.empty())) continue;
        const auto tried = retry(at, *each, stream);
        if (!tried) {
            fail(at, *each, tried.error());
            if (each == &at.live) return tried;
        } else if (each == &at.live) {
            done = *tried;
        }
    }
    return done;
}

StoreResult<std::uint64_t> ViewThread::skip(std::string_view view, const ParkedEvent& event) {
    auto& at = line(view);
    skips_[std::string{view}].insert(event.position);
    for (auto* each : {&at.live, at.previous.get(), at.candidate.get()})
        if (each && each->builder) each->builder->skip(event.position);
    return retry(view, event.stream);
}

}  // namespace yeyak::server
