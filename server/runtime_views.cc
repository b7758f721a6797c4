// How the runtime joins the views with the rest: their threads, and what is told of them in the
// log.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "eventstore/hash.h"
#include "kernel/edge/log.h"
#include "projections/rebuild/switch_note.h"
#include "server/runtime.h"

namespace yeyak::server {

using boost::asio::awaitable;

namespace {

void log_failure(const StoreError& error) {
    log::error("store_failed", {{"detail", error.detail}});
}

}  // namespace

StoreResult<void> Runtime::start_views() {
    RebuildOptions rebuilding;
    rebuilding.max_rate = static_cast<std::uint64_t>(config_.views.rebuild_max_rate);
    rebuilding.threads = static_cast<std::size_t>(config_.views.rebuild_threads);
    rebuilds_ = std::make_unique<Rebuilds>(store(), *views_, platform_.views, rebuilding);
    ViewThreadOptions options;
    options.now_ms = [this] { return clock_.now().ms; };
    options.keep_previous = std::chrono::seconds{config_.views.keep_previous_s};
    options.failed = [](std::string_view view, const StoreError& error) {
        log::error("view_stopped", {{"view", view}, {"detail", error.detail}});
    };
    options.comparable = [this](Comparable comparable) { rebuilds_->take(std::move(comparable)); };
    options.candidate_failed = [this](std::string_view view, const StoreError& error) {
        rebuilds_->candidate_failed(view, error);
    };
    options.noted = [this] {
        boost::asio::co_spawn(io_, record_switches(), boost::asio::detached);
    };
    auto view_thread = ViewThread::start(store(), *views_, platform_.views, engine_->contexts(),
                                         std::move(options));
    if (!view_thread) return std::unexpected(std::move(view_thread).error());
    view_thread_ = *std::move(view_thread);
    return rebuilds_->start(*view_thread_);
}

// Tells the log of every switch that it does not know of yet. Told twice, it counts once: the key
// of the note is the command's key.
awaitable<void> Runtime::record_switches() {
    const auto notes = views_->notes();
    if (!notes) co_return log_failure(notes.error());
    for (const auto& [key, text] : *notes) {
        auto note = projections::decode_switch_note(text);
        if (!note) {
            log::error("switch_note_damaged", {{"bytes", text.size()}});
        } else {
            CommandCall call;
            call.cause = {"view-switch", "view-switch", note->actor};
            call.idempotency_key = "view-switch/" + eventstore::to_hex(eventstore::sha256({key}));
            call.fingerprint = call.idempotency_key;
            call.command = [fact = operations::Event{std::move(note->fact)}](Unit& unit) {
                return unit.execute<operations::Contract>(operations::journal_of(fact), fact);
            };
            const auto told = co_await commands_->execute_and_await(std::move(call), nullptr);
            if (!told) co_return log_failure(told.error());
        }
        if (const auto done = views_->note_done(key); !done) log_failure(done.error());
    }
}

}  // namespace yeyak::server
