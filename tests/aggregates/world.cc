#include "tests/aggregates/world.h"

#include <algorithm>

#include "aggregates/engine/saga_step.h"
#include "aggregates/notification/contract.h"
#include "aggregates/payment/system.h"
#include "aggregates/prereservation/checkout.h"
#include "aggregates/prereservation/system.h"
#include "eventstore/sequencer.h"
#include "kernel/ensure.h"
#include "tests/aggregates/prereservation_samples.h"

namespace yeyak::tests {

using eventstore::StoreResult;
using eventstore::Table;
using namespace prereservation;

void install_prereservation(Engine& engine) {
    payment::install(engine, ContextsByPrefix{{{"prereservation-", "payment"}}});
    prereservation::install(engine);
}

World::World(std::shared_ptr<eventstore::MemoryStore> existing, Install install)
    : store(existing ? std::move(existing) : std::make_shared<eventstore::MemoryStore>()),
      install_(install) {
    begin();
}

std::map<std::string, int>& World::seen() {
    static std::map<std::string, int> counts;
    return counts;
}

void World::begin() {
    engine = std::make_unique<Engine>(*store);
    install_(*engine);
    auto owed = engine->open();
    ensure(owed.has_value(), "the engine opens");
    take(*std::move(owed));
}

void World::restart() {
    batch_.clear();
    effects.clear();
    timers.clear();
    answers.clear();
    drains_.clear();
    engine.reset();
    begin();
    ++seen()["restart"];
}

void World::take(Owed owed) {
    for (auto& effect : owed.effects) effects.push_back(std::move(effect));
    for (auto& [key, timer] : owed.timers) timers.emplace(key, std::move(timer));
    for (auto& context : owed.drain)
        if (std::ranges::find(drains_, context) == drains_.end()) drains_.push_back(context);
}

World::AnswerPtr World::submit(CommandWork request) {
    auto answer = std::make_shared<Answer>();
    request.now = now;
    request.done = [answer](const StoreResult<Reply>& reply) {
        ensure(reply.has_value(), "the store takes writes");
        ensure(!answer->given, "a request is answered once");
        *answer = {true, *reply};
    };
    batch_.push_back(engine->work(std::move(request)));
    return answer;
}

World::AnswerPtr World::submit_reserve(std::string key, std::string fingerprint) {
    CommandWork request;
    request.cause = {"request-1", "request-1", "user:1"};
    request.idempotency_key = std::move(key);
    request.fingerprint = std::move(fingerprint);
    request.decide = [this](Unit& unit) {
        const auto id = static_cast<std::int64_t>(unit.next_number("prereservation"));
        reservations_ = std::max(reservations_, id);
        return unit.execute<ReservationContract>(std::to_string(id),
                                                 RequestReservation{requested(id)});
    };
    return submit(std::move(request));
}

World::AnswerPtr World::submit_cancel(std::int64_t id) {
    CommandWork request;
    request.cause = {"request-2", "request-2", "user:1"};
    request.decide = [id](Unit& unit) {
        return unit.execute<ReservationContract>(std::to_string(id),
                                                 CancelReservation{id, CancelReason::user_request});
    };
    return submit(std::move(request));
}

void World::submit_context(const std::string& context, ContextState state) {
    ContextSetting setting;
    setting.state = state;
    batch_.push_back(engine->set_context(context, setting, now, [](const auto&) {}));
}

Reply World::ask(CommandWork request) {
    const auto answer = submit(std::move(request));
    run_batch();
    ensure(answer->given, "every request of a batch is answered");
    return answer->reply;
}

Reply World::reserve(std::string key, std::string fingerprint) {
    const auto answer = submit_reserve(std::move(key), std::move(fingerprint));
    run_batch();
    return answer->reply;
}

Reply World::cancel(std::int64_t id) {
    const auto answer = submit_cancel(id);
    run_batch();
    return answer->reply;
}

void World::set(const std::string& context, ContextState state) {
    submit_context(context, state);
    run_batch();
}

void World::run_batch() {
    auto batch = std::exchange(batch_, {});
    while (!batch.empty()) eventstore::run_batch(*store, batch);
    take(engine->take_owed());
}

bool World::call_provider(std::size_t which) {
    if (effects.empty()) return false;
    const auto at = effects.begin() + static_cast<std::ptrdiff_t>(which % effects.size());
    if (!engine->contexts().is_up(at->effect.context)) return false;
    const DueEffect due = std::move(*at);
    effects.erase(at);
    if (due.effect.category == notification::Contract::category) {
        answers.push_back(
            {send<notification::Contract>(due.effect.id, notification::RecordDelivered{}),
             due.key});
        return true;
    }
    const auto effect = decode_event<payment::Effect>(due.effect.type, due.effect.payload);
    ensure(effect.has_value(), "an effect can be read");
    for (auto& command : provider.call(*effect, fate(*effect), now)) {
        ++seen()["answer " + std::string{type_of(command)}];
        answers.push_back({send<payment::Contract>(due.effect.id, std::move(command)), due.key});
    }
    return true;
}

bool World::submit_answer() {
    if (answers.empty()) return false;
    const auto answer = answers.front();
    answers.erase(answers.begin());
    CommandWork request;
    request.cause = {"request-1", answer.resolves, "provider"};
    request.resolves = answer.resolves;
    request.decide = [answer](Unit& unit) { return unit.execute(answer.outcome); };
    submit(std::move(request));
    return true;
}

bool World::submit_timer() {
    if (timers.empty() || timers.begin()->second.due > now) return false;
    submit(engine->fire_timer(timers.begin()->first, now));
    timers.erase(timers.begin());
    ++seen()["timer"];
    return true;
}

bool World::submit_drains() {
    if (drains_.empty()) return false;
    for (const auto& context : std::exchange(drains_, {})) {
        submit(engine->drain(context, now));
        ++seen()["drain " + context];
    }
    return true;
}

bool World::wait_for_timer() {
    if (timers.empty()) return false;
    now = std::max(now, timers.begin()->second.due);
    return true;
}

void World::settle(Instant until) {
    for (int turns = 0; turns < 1000; ++turns) {
        if (submit_drains() || submit_answer() || submit_timer() || !batch_.empty())
            run_batch();
        else if (!call_provider() &&
                 (timers.empty() || timers.begin()->second.due > until || !wait_for_timer()))
            return;
    }
    ensure(false, "everything that is left to do ends");
}

}  // namespace yeyak::tests
