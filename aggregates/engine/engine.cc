#include "aggregates/engine/engine.h"

#include <fmt/format.h>

#include "kernel/ensure.h"

namespace yeyak {

using eventstore::Position;
using eventstore::StoreResult;
using eventstore::Table;

namespace {

// Every entry of a table, page by page.
template <class Pending, class Take>
StoreResult<void> load_pending(const eventstore::EventStore& store, Table table, Take take) {
    std::string after;
    while (true) {
        const auto page = store.entries(table, "", after, 1000);
        if (!page) return std::unexpected(page.error());
        if (page->empty()) return {};
        for (const auto& entry : *page) {
            auto pending = from_json<Pending>(entry.value);
            ensure(pending.has_value(), "what was written as owed can be read");
            take(entry.key, *std::move(pending));
        }
        after = page->back().key;
    }
}

}  // namespace

std::string inbox_key(std::string_view context, std::uint64_t arrival) {
    return fmt::format("{}/{:020}", context, arrival);
}

Engine::Engine(eventstore::EventStore& store) : store_(store), watched_(store, store.head()) {}

Engine::~Engine() = default;

void Engine::add(std::unique_ptr<AggregateHostBase> host, std::vector<std::string> contexts) {
    for (const auto& context : contexts) contexts_.add(context);
    const std::string category{host->category()};
    ensure(aggregates_.try_emplace(category, std::move(host)).second,
           "a category has one aggregate");
}

void Engine::add(std::unique_ptr<SagaHostBase> host) {
    contexts_.add(host->context());
    for (const auto source : host->sources()) listeners_[std::string{source}].push_back(host.get());
    const std::string category{host->category()};
    ensure(sagas_.try_emplace(category, std::move(host)).second, "a category has one saga");
}

void Engine::add_policy(std::unique_ptr<ListenerBase> host) {
    contexts_.add(host->context());
    for (const auto source : host->sources()) listeners_[std::string{source}].push_back(host.get());
    const std::string name{host->category()};
    ensure(policies_.try_emplace(name, std::move(host)).second, "a policy has a name of its own");
}

AggregateHostBase& Engine::aggregate(std::string_view category) {
    const auto found = aggregates_.find(category);
    ensure(found != aggregates_.end(), "the receiver of a command is registered");
    return *found->second;
}

SagaHostBase& Engine::saga(std::string_view category) {
    const auto found = sagas_.find(category);
    ensure(found != sagas_.end(), "the saga is registered");
    return *found->second;
}

const SagaHostBase* Engine::find_saga(std::string_view category) const {
    const auto found = sagas_.find(category);
    return found == sagas_.end() ? nullptr : found->second.get();
}

std::string Engine::describe(const Send& command) const {
    const auto receiver = aggregates_.find(command.category);
    ensure(receiver != aggregates_.end(), "the receiver of a command is registered");
    return fmt::format("{} -> {}", receiver->second->command_type(command.command),
                       stream_of(command.category, command.id));
}

ListenerBase& Engine::listener(std::string_view category) {
    const auto policy = policies_.find(category);
    return policy == policies_.end() ? saga(category) : *policy->second;
}

const std::vector<ListenerBase*>& Engine::listeners(std::string_view category) const {
    static const std::vector<ListenerBase*> nobody;
    const auto found = listeners_.find(category);
    return found == listeners_.end() ? nobody : found->second;
}

bool Engine::receives_now(std::string_view context) const {
    if (!contexts_.is_up(context)) return false;
    const auto found = inboxes_.find(context);
    return found == inboxes_.end() || found->second.next > found->second.last;
}

std::string Engine::take_inbox_key(Unit& unit, std::string_view context) {
    auto& inbox = inboxes_[std::string{context}];
    const bool empty = inbox.next > inbox.last;
    inbox.last = take_number(unit, fmt::format("inbox/{}", context));
    if (empty) inbox.next = inbox.last;  // the numbers go on across restarts
    return inbox_key(context, inbox.last);
}

std::uint64_t Engine::take_number(Unit& unit, std::string_view counter) {
    auto known = counters_.find(counter);
    if (known == counters_.end()) {
        const auto last = store_.staged_value(Table::counter, counter);
        known = counters_.emplace(std::string{counter}, last ? std::stoull(*last) : 0).first;
    }
    const auto number = ++known->second;
    unit.write(Table::counter, std::string{counter}, std::to_string(number));
    return number;
}

Raised Engine::load_event(const PendingMessage& message) {
    eventstore::StreamQuery query;
    query.stream = message.event_stream;
    query.from = static_cast<eventstore::Version>(message.event_version);
    query.max_events = 1;
    const auto page = store_.read_stream(query);
    ensure(page.has_value() && page->events.size() == 1, "an event that waits in an inbox is read");
    const auto& recorded = *page->events.front();
    const auto category = eventstore::category_of(message.event_stream);
    auto& host = aggregate(category);
    auto event = host.decode_event(recorded.data.type, recorded.data.payload);
    ensure(event.has_value(), "an event that was written can be read");
    const Cause cause{recorded.data.correlation_id, eventstore::id_of(recorded),
                      recorded.data.actor};
    return {host.category(), recorded.stream, recorded.version, *std::move(event), cause};
}

StoreResult<Owed> Engine::open() {
    for (const auto& [name, unused] : contexts_.all()) {
        const auto setting = store_.value(Table::setting, "context/" + name);
        if (!setting) return std::unexpected(setting.error());
        if (*setting) {
            auto parsed = from_json<ContextSetting>(**setting);
            ensure(parsed.has_value(), "a context setting that was written can be read");
            contexts_.set(name, *std::move(parsed));
        }
        const auto waiting = store_.entries(Table::inbox, name + "/", "", 1);
        if (!waiting) return std::unexpected(waiting.error());
        if (waiting->empty()) continue;
        const auto last = store_.value(Table::counter, "inbox/" + name);
        if (!last) return std::unexpected(last.error());
        ensure(last->has_value(), "an inbox that was used has a counter");
        inboxes_[name] = {std::stoull(waiting->front().key.substr(name.size() + 1)),
                          std::stoull(**last)};
        if (contexts_.is_up(name)) owed_.drain.push_back(name);
    }
    auto loaded = load_pending<PendingEffect>(store_, Table::outbox, [&](auto key, auto effect) {
        owed_.effects.push_back({std::move(key), std::move(effect)});
    });
    if (!loaded) return std::unexpected(loaded.error());
    loaded = load_pending<PendingTimer>(store_, Table::timer, [&](auto key, auto timer) {
        owed_.timers.push_back({std::move(key), std::move(timer)});
    });
    if (!loaded) return std::unexpected(loaded.error());
    return std::exchange(owed_, {});
}

void Engine::owe(Unit::Outcome outcome) {
    for (auto& effect : outcome.effects) owed_.effects.push_back(std::move(effect));
    for (auto& timer : outcome.timers) owed_.timers.push_back(std::move(timer));
}

Owed Engine::take_owed() {
    // A flush has failed: what may not be durable must not be charged, and the process ends.
    if (store_.head() != store_.staged_position()) return {};
    ring_watches();
    for (const auto& [context, inbox] : inboxes_)
        if (inbox.next <= inbox.last && contexts_.is_up(context)) owed_.drain.push_back(context);
    return std::exchange(owed_, {});
}

void Engine::add_watch(const std::string& stream, Watch watch, bool from_history) {
    Watching watching{std::move(watch), {}};
    eventstore::StreamQuery query;
    query.stream = stream;
    query.from = 1;
    for (bool more = from_history; more; query.from += query.max_events) {
        const auto page = store_.read_stream(query);
        if (!page) return;  // the store has failed; the request hears of it
        for (const auto& event : page->events) {
            watching.seen.push_back(event);
            if (!watching.watch.is_end(*event)) continue;
            watching.watch.done(std::move(watching.seen));
            return;
        }
        more = !page->end;
    }
    watches_[stream].push_back(std::move(watching));
}

void Engine::ring_watches() {
    while (!watches_.empty()) {
        const auto events = watched_.next(4096);
        if (!events || events->empty()) return;  // all seen, or the store has failed
        for (const auto& event : *events) {
            const auto found = watches_.find(event->stream);
            if (found == watches_.end()) continue;
            std::erase_if(found->second, [&](Watching& watching) {
                watching.seen.push_back(event);
                if (!watching.watch.is_end(*event)) return false;
                watching.watch.done(std::move(watching.seen));
                return true;
            });
            if (found->second.empty()) watches_.erase(found);
        }
    }
    watched_ = eventstore::Follower{store_, store_.head()};  // nobody waits for what was
}

}  // namespace yeyak
