// What operators and auditors see to: health, contexts, breakers, the tree and its checkpoints,
// attestations, backups, views and their rebuilds.
//
// Threads: coroutines of the I/O context; each goes on on its own executor.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event_store.h"
#include "server/parts.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreResult;

class Upkeep {
  public:
    explicit Upkeep(const UpkeepParts& parts) : at_(parts) {}

    template <class T>
    using Answer = boost::asio::awaitable<StoreResult<T>>;
    using AttestationPtr = std::shared_ptr<const Attestation>;

    const ServeConfig& config() const { return at_.config; }
    // True once a flush has failed.
    bool failed() const { return at_.failed; }
    // A demonstration says that a system is not well, to see what a probe makes of it. Any thread.
    bool forced_down(std::string_view system) const;
    void force_down(std::string_view system, bool down);
    // Of the one system that this server is for; a server of all is well.
    bool forced_down() const;
    const Contexts& contexts() const { return at_.contexts; }
    bool is_system(std::string_view name) const;
    std::vector<BreakerReport> breakers() const;
    Backups& backups() { return at_.backups; }

    const Ledger& ledger() const { return at_.ledger; }
    std::shared_ptr<const audit::SignedCheckpoint> checkpoint() const;  // the newest one
    // False when no checkpoint covers `position` within the time.
    boost::asio::awaitable<bool> ledger_reaches(Position position,
                                                std::chrono::milliseconds timeout);

    // Of the live build, as it stands; nothing when it takes longer than `patience`.
    boost::asio::awaitable<std::optional<StoreResult<AttestationPtr>>> attest(
        const projections::View& view, std::chrono::milliseconds patience);
    // The newest one of a view; null when there is none.
    AttestationPtr last_attestation(std::string_view view) const;

    std::vector<ViewProgress> progress() const;
    ViewProgress progress(std::string_view view) const;
    // Nothing when the view was not rebuilt since the start.
    std::optional<RebuildStatus> rebuild(std::string_view view) const;
    // False when there is nothing to begin, pause, resume, cancel or go back to; see Rebuilds.
    Answer<bool> begin_rebuilds(std::vector<RebuildWish> wishes);
    Answer<bool> pause_rebuilds(std::vector<std::string> views, bool paused);
    Answer<bool> cancel_rebuilds(std::vector<std::string> views);
    Answer<bool> roll_back(std::string view, std::string actor);

    // Parked events of the live build; see projections/rebuild/parked.h.
    StoreResult<std::vector<projections::ParkedEvent>> parked(std::string_view view,
                                                              const projections::ParkedEvent& after,
                                                              std::size_t most) const;
    StoreResult<std::optional<projections::ParkedEvent>> first_parked(std::string_view view,
                                                                      Position position) const;
    // Both answer how many events are parked no longer.
    Answer<std::uint64_t> retry_parked(std::string view, std::string stream);
    Answer<std::uint64_t> skip_parked(std::string view, projections::ParkedEvent event);

  private:
    UpkeepParts at_;
    mutable std::mutex mutex_;
    std::set<std::string, std::less<>> forced_down_;  // systems
};

}  // namespace yeyak::server
