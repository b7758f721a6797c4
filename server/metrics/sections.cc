#include "server/metrics/sections.h"

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>
#include <string>

#include "aggregates/engine/contexts.h"
#include "server/calls/guards.h"
#include "server/config/config.h"
#include "server/ledger.h"
#include "server/metrics/metrics.h"

namespace yeyak::server {
namespace {

double seconds(std::int64_t ms) { return static_cast<double>(std::max<std::int64_t>(ms, 0)) / 1e3; }

double seconds_since(std::optional<Instant> at, Instant now) {
    return at ? seconds(now.ms - at->ms) : 0;
}

void add_tally(Families& to, const Tally& tally) {
    for (const auto& [outcome, count] : tally) to.set({{"outcome", outcome}}, count);
}

void add_counts(Families& to, std::string_view label, const std::optional<CountByName>& counts) {
    if (!counts) return;
    for (const auto& [name, count] : *counts) to.set({{label, name}}, count);
}

}  // namespace

void add_requests(Families& to, const RequestFigures& requests) {
    to.counter("yeyak_http_requests_total",
               "Requests that were answered. The route is a pattern, none where there is none.");
    for (const auto& [key, route] : requests.routes())
        for (const auto& [status, count] : route.by_status)
            to.set(
                {{"method", key.method}, {"route", key.route}, {"status", std::to_string(status)}},
                count);
    to.histogram("yeyak_http_request_duration_seconds",
                 "From the complete request to its answer. Feeds and other streams do not count.");
    for (const auto& [key, route] : requests.routes())
        to.observe({{"method", key.method}, {"route", key.route}}, route.seconds);
    to.counter("yeyak_http_refusals_total",
               "Refusals by the code of the problem that the client was told.");
    for (const auto& [code, count] : requests.refusals()) to.set({{"code", code}}, count);
    to.counter("yeyak_tokens_refused_total",
               "Tokens that did not count. Who sent one was told invalid_token, and no reason.");
    for (const auto& [why, count] : requests.refused_tokens()) to.set({{"reason", why}}, count);
}

void add_commands(Families& to, const Figures& counted) {
    to.counter("yeyak_commands_total",
               "Commands of clients and of the server itself, by how they ended.");
    add_tally(to, counted.commands);
    to.counter("yeyak_appends_total", "Appends of other programs, by how they ended.");
    add_tally(to, counted.appends);
}

void add_batches(Families& to, const BatchFigures& batches, std::size_t waiting) {
    to.histogram("yeyak_batch_work", "Pieces of work (commands, appends, timers) in one batch.")
        .observe({}, batches.work);
    to.histogram("yeyak_batch_events", "Events that one batch made durable.")
        .observe({}, batches.events);
    to.histogram("yeyak_batch_waiting_seconds",
                 "How long the oldest piece of work of a batch had waited to be decided.")
        .observe({}, batches.waited);
    to.histogram("yeyak_batch_deciding_seconds", "How long a batch was decided and staged.")
        .observe({}, batches.deciding);
    to.histogram("yeyak_batch_flushing_seconds",
                 "How long a batch was written, synced and made visible.")
        .observe({}, batches.flushing);
    to.gauge("yeyak_sequencer_waiting_work", "Pieces of work that wait for the next batch.")
        .set(waiting);
}

void add_log(Families& to, const MetricParts& at, const Readings& readings) {
    to.gauge("yeyak_build_info", "The version that runs; always 1.")
        .set({{"version", YEYAK_VERSION}}, 1);
    to.gauge("yeyak_log_position", "Position of the newest event.").set(at.readings.log.head());
    to.gauge("yeyak_log_failed", "1 once a flush has failed: the process ends.")
        .set(at.failed ? 1 : 0);
    to.gauge("yeyak_checkpoint_position", "The last event that a signed checkpoint covers.")
        .set(at.ledger.covered());
    to.gauge("yeyak_checkpoint_failed",
             "1 when there will be no checkpoint until the next start: the tree cannot be written.")
        .set(at.ledger.failed() ? 1 : 0);
    to.gauge("yeyak_disk_free_bytes", "Free space where the data is.");
    if (readings.disk_free_bytes) to.set(*readings.disk_free_bytes);
    to.gauge("yeyak_disk_headroom_bytes", "Writes are refused below so much free space.")
        .set(at.config.disk_headroom_bytes);
    to.gauge("yeyak_unread_figures", "1 for figures that could not be read this time.");
    for (const auto name : readings.unread) to.set({{"figures", name}}, 1);
}

void add_views(Families& to, const std::vector<ViewProgress>& views, eventstore::Position head) {
    const auto each = [&](auto value) {
        for (const auto& view : views) to.set({{"view", view.name}}, value(view));
    };
    to.gauge("yeyak_view_position", "The last event that the view has applied.");
    each([](const auto& view) { return view.position; });
    to.gauge("yeyak_view_lag_events", "Events of the log that the view has not applied yet.");
    each([&](const auto& view) { return head - std::min(head, view.position); });
    to.gauge("yeyak_view_parked_events",
             "Events that the view could not apply, and those behind them in their streams.");
    each([](const auto& view) { return view.parked; });
    to.gauge("yeyak_view_failed", "1 when the view stands still because of an error.");
    each([](const auto& view) { return view.failure.empty() ? 0 : 1; });
}

void add_contexts(Families& to, const Contexts& contexts,
                  const std::vector<BreakerReport>& breakers) {
    to.gauge("yeyak_context_up", "0 when an operator has stopped the context.");
    for (const auto& [name, setting] : contexts.all())
        to.set({{"context", name}}, setting.state == ContextState::up ? 1 : 0);
    to.gauge("yeyak_breaker_state", "1 for the state that the circuit breaker is in.");
    for (const auto& at : breakers)
        for (const auto state : {BreakerState::closed, BreakerState::open, BreakerState::half_open})
            to.set({{"context", at.context}, {"state", boost::describe::enum_to_string(state, "")}},
                   at.state == state ? 1 : 0);
    to.counter("yeyak_breaker_opened_total", "How often the circuit breaker opened.");
    for (const auto& at : breakers) to.set({{"context", at.context}}, at.counts.opened);
    to.gauge("yeyak_calls_in_flight", "Calls into a context that have no answer yet.");
    for (const auto& at : breakers) to.set({{"context", at.context}}, at.in_flight);
    to.counter("yeyak_calls_total", "Calls into a context, by how they ended.");
    for (const auto& at : breakers) {
        to.set({{"context", at.context}, {"outcome", "succeeded"}}, at.counts.succeeded);
        to.set({{"context", at.context}, {"outcome", "failed"}}, at.counts.failed);
        to.set({{"context", at.context}, {"outcome", "timed_out"}}, at.counts.timed_out);
        to.set({{"context", at.context}, {"outcome", "bulkhead_full"}}, at.counts.rejected);
        to.set({{"context", at.context}, {"outcome", "circuit_open"}}, at.counts.short_circuited);
    }
}

void add_sagas(Families& to, const SagaFigures& sagas, Instant now) {
    const auto each = [&](auto value) {
        for (const auto& [key, in_state] : sagas.open)
            to.set({{"saga", key.first}, {"state", key.second}}, value(in_state));
    };
    to.gauge("yeyak_sagas_open", "Sagas that have not ended, by the state they are in.");
    each([](const auto& in_state) { return in_state.count; });
    to.gauge("yeyak_saga_oldest_age_seconds", "Since the oldest of them began.");
    each([&](const auto& in_state) { return seconds_since(in_state.begun, now); });
    to.gauge("yeyak_saga_longest_pause_seconds",
             "Since the last step of the one of them that has waited longest.");
    each([&](const auto& in_state) { return seconds_since(in_state.stepped, now); });
    to.gauge("yeyak_sagas_ended", "Sagas that have ended, completed or compensated.")
        .set(sagas.ended);
}

void add_waiting(Families& to, const Readings& readings, const Scheduler::Report& timers,
                 Instant now) {
    to.gauge("yeyak_outbox_effects", "Effects that were asked for and have no outcome yet.");
    add_counts(to, "category", readings.outbox);
    to.gauge("yeyak_inbox_messages", "Messages that wait for a context that is stopped.");
    add_counts(to, "context", readings.inboxes);
    to.gauge("yeyak_timers", "Timers that are set.").set(timers.waiting);
    to.gauge("yeyak_timer_overdue_seconds", "Since the earliest timer was due; 0 when none is.")
        .set(seconds_since(timers.earliest, now));
}

void add_databases(Families& to, const Readings& readings) {
    const auto each = [&](auto figure) {
        to.set({{"database", "log"}}, readings.log.*figure);
        to.set({{"database", "views"}}, readings.views.*figure);
    };
    using Of = eventstore::DatabaseFigures;
    to.gauge("yeyak_rocksdb_memory_table_bytes", "Memory tables, those being written included.");
    each(&Of::memory_table_bytes);
    to.gauge("yeyak_rocksdb_waiting_memory_tables", "Full memory tables that wait to be written.");
    each(&Of::waiting_memory_tables);
    to.gauge("yeyak_rocksdb_file_bytes", "Table files.");
    each(&Of::file_bytes);
    to.gauge("yeyak_rocksdb_live_bytes", "An estimate of what is not overwritten or deleted.");
    each(&Of::live_bytes);
    to.gauge("yeyak_rocksdb_keys", "An estimate of the number of keys.");
    each(&Of::keys);
    to.gauge("yeyak_rocksdb_pending_compaction_bytes", "An estimate of what is to be compacted.");
    each(&Of::pending_compaction_bytes);
    to.gauge("yeyak_rocksdb_running_compactions", "Compactions under way.");
    each(&Of::running_compactions);
    to.gauge("yeyak_rocksdb_running_flushes", "Flushes of memory tables under way.");
    each(&Of::running_flushes);
    to.gauge("yeyak_rocksdb_background_errors", "Errors of the database's own threads.");
    each(&Of::background_errors);
    to.gauge("yeyak_rocksdb_writes_stopped", "1 while the database takes no writes.");
    each(&Of::writes_stopped);
}

void add_process(Families& to, const ProcessFigures& process) {
    to.counter("process_cpu_seconds_total", "Time of all cores that the process has used.")
        .set(process.cpu_seconds);
    to.gauge("process_resident_memory_bytes", "Memory of the process that is in use.")
        .set(process.resident_bytes);
    to.gauge("process_virtual_memory_bytes", "Addresses of the process that are mapped.")
        .set(process.virtual_bytes);
    to.gauge("process_open_fds", "Descriptors that are open.").set(process.descriptors);
    to.gauge("process_max_fds", "Descriptors that may be open.").set(process.most_descriptors);
    to.gauge("process_threads", "Threads of the process.").set(process.threads);
    to.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.")
        .set(process.started);
}

}  // namespace yeyak::server
