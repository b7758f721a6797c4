#include "server/upkeep.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <functional>

#include "projections/rebuild/parked.h"
#include "projections/rebuild/switch_note.h"
#include "server/attestations.h"
#include "server/calls/guards.h"
#include "server/config/config.h"
#include "server/ledger.h"
#include "server/platform.h"
#include "server/rebuilds.h"
#include "server/slot.h"
#include "server/view_thread.h"

namespace yeyak::server {

using boost::asio::awaitable;
using projections::ParkedEvent;

namespace {

// Does `work` on the view thread and answers what it answered.
template <class Result>
awaitable<Result> on_view_thread(ViewThread& views, std::function<Result()> work) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<Result>>(executor);
    views.post([slot, todo = std::move(work)] { slot->put(todo()); });
    auto done = co_await slot->value();
    co_return done;
}

// Whether one of the views was changed; the first error ends it.
StoreResult<bool> change_each(const std::vector<std::string>& views,
                              const std::function<StoreResult<bool>(const std::string&)>& change) {
    bool any = false;
    for (const auto& view : views) {
        const auto done = change(view);
        if (!done) return done;
        any = any || *done;
    }
    return any;
}

std::string note_of_rollback(const projections::ViewStore& rows, const std::string& view,
                             const std::string& actor, const BuildState& to) {
    projections::SwitchNote note;
    note.actor = actor;
    note.fact.view = view;
    note.fact.how = "rolled_back";
    note.fact.generation = static_cast<std::int64_t>(to.lease->generation);
    note.fact.projector_version = to.version;
    note.fact.position = static_cast<std::int64_t>(to.position);
    if (const auto counts = rows.counts(*to.lease))
        note.fact.rows = counts->active + counts->cancelled;
    return encode(note);
}

}  // namespace

bool Upkeep::forced_down(std::string_view system) const {
    const std::lock_guard lock{mutex_};
    return forced_down_.contains(system);
}

void Upkeep::force_down(std::string_view system, bool down) {
    const std::lock_guard lock{mutex_};
    if (down)
        forced_down_.emplace(system);
    else if (const auto at = forced_down_.find(system); at != forced_down_.end())
        forced_down_.erase(at);
}

bool Upkeep::forced_down() const { return at_.config.system && forced_down(*at_.config.system); }

bool Upkeep::is_system(std::string_view name) const {
    return std::ranges::any_of(at_.platform.systems,
                               [&](const auto& each) { return each.name == name; });
}

std::vector<BreakerReport> Upkeep::breakers() const { return at_.guards.reports(); }

std::shared_ptr<const audit::SignedCheckpoint> Upkeep::checkpoint() const {
    return at_.ledger.published();
}

awaitable<bool> Upkeep::ledger_reaches(Position position, std::chrono::milliseconds timeout) {
    if (at_.ledger.covered() >= position) co_return true;
    if (timeout.count() == 0) co_return false;
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<bool>>(executor);
    at_.ledger.wait_for(position, [slot] { slot->put(true); });
    const auto told = co_await slot->wait(timeout);
    co_return told&& at_.ledger.covered() >= position;
}

awaitable<std::optional<StoreResult<AttestationPtr>>> Upkeep::attest(
    const projections::View& view, std::chrono::milliseconds patience) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<StoreResult<AttestationPtr>>>(executor);
    const auto progress = at_.view_thread.progress(view.name());
    const auto builds = at_.views.builds(view.name());
    if (!builds) co_return std::unexpected(builds.error());
    // A build of an older projector is shown until the new one is ready: it says so of itself.
    const auto version =
        builds->live.number == progress.build.generation ? builds->live.version : view.version();
    at_.attestations.ask(progress.build, version,
                         [slot, lease = progress.lease](const auto& made) { slot->put(made); });
    auto made = co_await slot->wait(patience);
    co_return made;
}

Upkeep::AttestationPtr Upkeep::last_attestation(std::string_view view) const {
    return at_.attestations.last(view);
}

// --- views ---------------------------------------------------------------------------------------

std::vector<ViewProgress> Upkeep::progress() const { return at_.view_thread.progress(); }

ViewProgress Upkeep::progress(std::string_view view) const {
    return at_.view_thread.progress(view);
}

std::optional<RebuildStatus> Upkeep::rebuild(std::string_view view) const {
    return at_.rebuilds.status(view);
}

Upkeep::Answer<bool> Upkeep::begin_rebuilds(std::vector<RebuildWish> wishes) {
    return on_view_thread<StoreResult<bool>>(
        at_.view_thread,
        [&rebuilds = at_.rebuilds, wanted = std::move(wishes)] { return rebuilds.begin(wanted); });
}

Upkeep::Answer<bool> Upkeep::pause_rebuilds(std::vector<std::string> views, bool paused) {
    return on_view_thread<StoreResult<bool>>(
        at_.view_thread, [&rebuilds = at_.rebuilds, all = std::move(views), paused] {
            return change_each(all, [&](const auto& view) { return rebuilds.pause(view, paused); });
        });
}

Upkeep::Answer<bool> Upkeep::cancel_rebuilds(std::vector<std::string> views) {
    return on_view_thread<StoreResult<bool>>(
        at_.view_thread, [&rebuilds = at_.rebuilds, all = std::move(views)] {
            return change_each(all, [&](const auto& view) { return rebuilds.cancel(view); });
        });
}

Upkeep::Answer<bool> Upkeep::roll_back(std::string view, std::string actor) {
    return on_view_thread<StoreResult<bool>>(at_.view_thread, [this, view, actor] {
        return at_.view_thread.roll_back(view, [&](const BuildState& to) {
            return note_of_rollback(at_.views, view, actor, to);
        });
    });
}

StoreResult<std::vector<ParkedEvent>> Upkeep::parked(std::string_view view,
                                                     const ParkedEvent& after,
                                                     std::size_t most) const {
    const auto live = progress(view);
    return projections::parked_events(at_.views, live.build, after, most);
}

StoreResult<std::optional<ParkedEvent>> Upkeep::first_parked(std::string_view view,
                                                             Position position) const {
    const auto live = progress(view);
    return projections::first_parked(at_.views, live.build, position);
}

Upkeep::Answer<std::uint64_t> Upkeep::retry_parked(std::string view, std::string stream) {
    return on_view_thread<StoreResult<std::uint64_t>>(
        at_.view_thread,
        [&views = at_.view_thread, view, stream] { return views.retry(view, stream); });
}

Upkeep::Answer<std::uint64_t> Upkeep::skip_parked(std::string view, ParkedEvent event) {
    return on_view_thread<StoreResult<std::uint64_t>>(
        at_.view_thread,
        [&views = at_.view_thread, view, event] { return views.skip(view, event); });
}

}  // namespace yeyak::server
