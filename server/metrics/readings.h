// Figures that are read from the disk, or that take long to count: what waits in the tables of the
// log, the open sagas, the databases, the process. Read on a thread that serves nobody.
//
// What cannot be read is left out, and named in `unread`.
#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eventstore/database_figures.h"
#include "eventstore/event_store.h"
#include "kernel/time.h"
#include "projections/runner/view_store.h"
#include "server/metrics/process.h"
#include "server/parts.h"
#include "server/view_thread.h"

namespace yeyak::server {

// More of a kind are not counted: a figure that says so many is alarming enough.
inline constexpr std::uint64_t most_counted = 100'000;

using CountByName = std::map<std::string, std::uint64_t, std::less<>>;

struct SagaFigures {
    struct InState {
        std::uint64_t count = 0;
        std::optional<Instant> begun;    // of the first of them that began
        std::optional<Instant> stepped;  // of the one whose last step is longest ago
    };
    std::map<std::pair<std::string, std::string>, InState> open;  // by saga and state
    std::uint64_t ended = 0;
};

struct Readings {
    std::optional<CountByName> outbox;   // by category
    std::optional<CountByName> inboxes;  // by context
    std::optional<SagaFigures> sagas;
    eventstore::DatabaseFigures log;
    eventstore::DatabaseFigures views;
    std::optional<std::uint64_t> disk_free_bytes;
    ProcessFigures process;
    std::vector<std::string_view> unread;
};

// All of it outlives the readings.
struct ReadingSources {
    const eventstore::EventStore& log;
    rocksdb::DB& log_database;
    const projections::ViewStore& views;
    const ViewThread& view_thread;
    const Platform& platform;
    std::filesystem::path data;
};

// Of the sagas in a build of their view: the states of `most` open ones. Beyond them open ones are
// counted only, for what has ended is all that is not open.
eventstore::StoreResult<SagaFigures> read_sagas(const projections::ViewStore& views,
                                                const projections::Build& build, std::uint64_t most,
                                                const std::atomic<bool>& stop);

// Ends early, with what it has, when `stop` is set.
Readings read_figures(const ReadingSources& from, const std::atomic<bool>& stop);

}  // namespace yeyak::server
