#include "server/commands.h"

#include <boost/asio/this_coro.hpp>
#include <memory>

#include "aggregates/engine/engine.h"
#include "kernel/edge/clock.h"
#include "privacy/person_keys.h"
#include "server/answer_queue.h"
#include "server/append.h"
#include "server/calls/sync_calls.h"
#include "server/config/config.h"
#include "server/metrics/figures.h"
#include "server/seals.h"
#include "server/slot.h"

namespace yeyak::server {

using boost::asio::awaitable;
using eventstore::EventPtr;
using eventstore::StoreError;

namespace {

StoreError too_many() { return {StoreError::Kind::busy, "too many commands wait"}; }

}  // namespace

// A hash of a request would tell a short personal field to whoever tries all of them; a keyed hash
// does not.
std::string Commands::fingerprint_of(const std::string& key, const std::string& hash) const {
    return key.empty() ? std::string{} : at_.vault.fingerprint(hash);
}

void Commands::submit_at_start(std::function<Verdict(Unit&)> decide) {
    CommandWork request;
    request.now = at_.clock.now();
    request.cause = {"start", "start", "system"};
    request.decide = std::move(decide);
    at_.sequencer.submit_owed(at_.engine.work(std::move(request)));
}

awaitable<StoreResult<Awaited>> Commands::execute_and_await(CommandCall call, IsEnd is_end) {
    if (std::holds_alternative<PersonalCommand>(call.command))
        return execute_personal(std::move(call), std::move(is_end));
    auto decide = std::get<Decide>(std::move(call.command));
    return execute(std::move(call), std::move(decide), std::move(is_end));
}

awaitable<StoreResult<Awaited>> Commands::execute_personal(CommandCall call, IsEnd is_end) {
    const auto command = std::get<PersonalCommand>(std::move(call.command));
    StoreResult<privacy::Sealer> sealer;
    if (!command.person.empty()) sealer = co_await sealer_of(at_.keys, command.person);
    if (!sealer) co_return std::unexpected(std::move(sealer).error());
    auto awaited = co_await execute(std::move(call), command.sealed(*sealer), std::move(is_end));
    // Of a commit whose outcome is not known, anything may be there.
    const bool begun = awaited || awaited.error().kind != StoreError::Kind::busy;
    at_.keys.end_trial(*sealer, begun && (!awaited || awaited->reply.kept));
    co_return awaited;
}

awaitable<StoreResult<Awaited>> Commands::execute(CommandCall call, Decide decide, IsEnd is_end) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto replied = std::make_shared<Slot<StoreResult<Reply>>>(executor);
    const auto ended = std::make_shared<Slot<std::vector<EventPtr>>>(executor);
    const bool waits = is_end != nullptr;
    auto& answers = at_.answers;
    CommandWork request;
    request.now = at_.clock.now();
    request.cause = std::move(call.cause);
    request.idempotency_key = std::move(call.idempotency_key);
    request.fingerprint = fingerprint_of(request.idempotency_key, call.fingerprint);
    request.guard = std::move(call.guard);
    request.decide = std::move(decide);
    if (waits) {
        Watch watch;
        watch.is_end = std::move(is_end);
        watch.done = [&answers, ended](std::vector<EventPtr> history) {
            answers.add(
                [ended, seen = std::move(history)]() mutable { ended->put(std::move(seen)); });
        };
        request.watch = std::move(watch);
    }
    request.done = [&answers, replied](const StoreResult<Reply>& reply) {
        answers.add([replied, reply] { replied->put(reply); });
    };
    if (!at_.sequencer.submit(at_.engine.work(std::move(request))))
        replied->put(std::unexpected(too_many()));
    auto reply = co_await replied->value();
    ++at_.figures.commands[outcome_of(reply)];
    if (!reply) co_return std::unexpected(std::move(reply).error());
    Awaited awaited;
    awaited.reply = *std::move(reply);
    if (waits && awaited.reply.ok()) {
        const std::chrono::milliseconds patience{at_.config.reply_timeout_ms};
        auto history = co_await ended->wait(patience);
        if (history) awaited.history = *std::move(history);
    }
    co_return awaited;
}

awaitable<StoreResult<Reply>> Commands::record(Cause cause, operations::Event fact) {
    CommandCall call;
    call.cause = std::move(cause);
    call.command = [what = std::move(fact)](Unit& unit) {
        return unit.execute<operations::Contract>(operations::journal_of(what), what);
    };
    auto awaited = co_await execute_and_await(std::move(call), nullptr);
    if (!awaited) co_return std::unexpected(std::move(awaited).error());
    co_return std::move(awaited->reply);
}

awaitable<std::expected<SyncCall, std::string_view>> Commands::call(std::string context,
                                                                    std::int64_t timeout_ms) {
    return at_.calls.begin(std::move(context), timeout_ms);
}

awaitable<StoreResult<AppendOutcome>> Commands::append(AppendCall call) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<StoreResult<AppendOutcome>>>(executor);
    call.commit.time = at_.clock.now();
    call.fingerprint = fingerprint_of(call.idempotency_key, call.fingerprint);
    auto done = [&answers = at_.answers, slot](const StoreResult<AppendOutcome>& outcome) {
        answers.add([slot, outcome] { slot->put(outcome); });
    };
    if (!at_.sequencer.submit(append_work(std::move(call), std::move(done))))
        slot->put(std::unexpected(too_many()));
    auto outcome = co_await slot->value();
    ++at_.figures.appends[outcome_of(outcome)];
    co_return outcome;
}

bool Commands::is_up(std::string_view context) const {
    return std::as_const(at_.engine).contexts().is_up(context);
}

awaitable<StoreResult<Reply>> Commands::set_context(std::string context, ContextSetting setting) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<StoreResult<Reply>>>(executor);
    auto done = [&answers = at_.answers, slot](const StoreResult<Reply>& reply) {
        answers.add([slot, reply] { slot->put(reply); });
    };
    auto work = at_.engine.set_context(std::move(context), std::move(setting), at_.clock.now(),
                                       std::move(done));
    if (!at_.sequencer.submit_owed(std::move(work)))
        co_return std::unexpected(StoreError{StoreError::Kind::busy, "the program stops"});
    auto reply = co_await slot->value();
    at_.context_changed();
    co_return reply;
}

awaitable<StoreResult<std::size_t>> Commands::destroy_keys(std::vector<privacy::KeyRef> refs) {
    return server::destroy_keys(at_.keys, std::move(refs));
}

}  // namespace yeyak::server
