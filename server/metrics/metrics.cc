#include "server/metrics/metrics.h"

#include "kernel/edge/clock.h"
#include "server/calls/guards.h"
#include "server/metrics/sections.h"
#include "server/scheduler.h"

namespace yeyak::server {

using boost::asio::awaitable;

awaitable<Families> Metrics::collect() {
    const auto readings = co_await readings_.get();
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
