#include "server/metrics/metrics.h"

#include <sys/resource.h>

#include <boost/asio/this_coro.hpp>
#include <stdexcept>

#include "kernel/edge/clock.h"
#include "kernel/edge/log.h"
#include "server/calls/guards.h"
#include "server/metrics/sections.h"
#include "server/scheduler.h"
#include "server/slot.h"

namespace yeyak::server {

using boost::asio::awaitable;

namespace {

// Two monitors that ask in the same second, or while it is read, are told the same.
constexpr std::chrono::seconds as_good_as_new{1};

}  // namespace

Metrics::ReadingsPtr Metrics::newest(const std::atomic<bool>& stop) {
    if (last_ && std::chrono::steady_clock::now() - last_at_ < as_good_as_new) return last_;
    last_ = std::make_shared<const Readings>(read_figures(at_.readings, stop));
    last_at_ = std::chrono::steady_clock::now();
    return last_;
}

awaitable<Metrics::ReadingsPtr> Metrics::read() {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<ReadingsPtr>>(executor);
    reader_.post([this, slot](const std::atomic<bool>& stop) {
        setpriority(PRIO_PROCESS, 0, 5);  // of this thread: whoever is served comes first
        // Nobody catches what leaves this thread.
        try {
            slot->put(newest(stop));
        } catch (const std::exception& error) {
            log::error("figures_unread", {{"detail", error.what()}});
            slot->put(nullptr);
        }
    });
    auto readings = co_await slot->value();
    if (!readings) throw std::runtime_error{"the figures could not be read"};
    co_return readings;
}

awaitable<Families> Metrics::collect() {
    const auto readings = co_await read();
    const auto now = at_.clock.now();
    Families to;
    add_requests(to, at_.counted.requests);
    add_commands(to, at_.counted);
    add_batches(to, at_.counted.batches, at_.sequencer.waiting());
    add_log(to, at_, *readings);
    add_views(to, at_.readings.view_thread.progress(), at_.readings.log.head());
    add_contexts(to, at_.contexts, at_.guards.reports());
    if (readings->sagas) add_sagas(to, *readings->sagas, now);
    add_waiting(to, *readings, at_.scheduler.report(), now);
    add_databases(to, *readings);
    add_process(to, readings->process);
    co_return to;
}

}  // namespace yeyak::server
