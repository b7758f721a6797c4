// Everything that a server can tell of itself in figures, each read where it stands, when somebody
// asks: the same places that the routes below /actuator and /projections answer from. Only what
// nothing else keeps is counted on the way (figures.h).
//
// Threads: coroutines of the I/O context. What takes long is read aside, at most once a second
// however many ask (shared_readings.h).
#pragma once
#include <atomic>
#include <boost/asio/awaitable.hpp>

#include "server/metrics/families.h"
#include "server/metrics/figures.h"
#include "server/metrics/shared_readings.h"
#include "server/parts.h"

namespace yeyak::server {

class Scheduler;

// All of it outlives the metrics.
struct MetricParts {
    const ServeConfig& config;
    const Clock& clock;
    const Contexts& contexts;
    const CallGuards& guards;
    const Ledger& ledger;
    const Scheduler& scheduler;
    const eventstore::Sequencer& sequencer;
    const std::atomic<bool>& failed;
    const Figures& counted;
    ReadingSources readings;
};

class Metrics {
  public:
    explicit Metrics(MetricParts parts) : at_(std::move(parts)) {}

    // All figures but those of the HTTP server, which stands above.
    boost::asio::awaitable<Families> collect();

  private:
    MetricParts at_;
    SharedReadings readings_{
        [this](const std::atomic<bool>& stop) { return read_figures(at_.readings, stop); }};
};

}  // namespace yeyak::server
