// The core: it holds the aggregates and sagas of all systems and turns messages into commits. It
// has no thread, no clock and no I/O of its own; the sequencer runs its work, time comes with each
// request, and what is owed afterwards (effects, timers, answers) is handed out by take_owed().
//
// Everything here runs on the sequencer's thread, except contexts(), which anyone may ask, and
// work(), which only builds.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregates/engine/contexts.h"
#include "aggregates/engine/guard.h"
#include "aggregates/engine/host.h"
#include "aggregates/engine/pending.h"
#include "aggregates/engine/reply.h"
#include "aggregates/engine/unit.h"
#include "eventstore/event_store.h"
#include "eventstore/follower.h"
#include "eventstore/sequencer.h"

namespace yeyak {

// The answer that was given under an idempotency key (table idempotency, key "scope/key").
struct IdempotencyRecord {
    std::string fingerprint;  // of the request; another request under the same key is refused
    std::string code;         // code_of() how it ended
    std::string stream;
    std::uint64_t version = 0;
    std::uint64_t position = 0;
};
BOOST_DESCRIBE_STRUCT(IdempotencyRecord, (), (fingerprint, code, stream, version, position))

// Waits for an event of a stream, from its first version on; `done` gets the events up to and with
// the one for which `is_end` holds, once they are durable.
struct Watch {
    std::function<bool(const eventstore::RecordedEvent&)> is_end;
    std::move_only_function<void(std::vector<eventstore::EventPtr>)> done;
};

struct CommandWork {
    Instant now;
    Cause cause;
    std::string idempotency_key;  // with its scope; empty: none
    std::string fingerprint;      // of the request's content, when it has a key
    std::string resolves;         // the outbox entry whose outcome this is, or empty
    std::optional<Guard> guard;   // decided only while it holds
    std::move_only_function<Verdict(Unit&)> decide;
    std::optional<Watch> watch;  // of the stream that decide() answers
    // Called on the sequencer's thread when the answer is durable.
    std::move_only_function<void(const eventstore::StoreResult<Reply>&)> done;
};

// What is owed after a flush.
struct Owed {
    std::vector<DueEffect> effects;
    std::vector<DueTimer> timers;
    std::vector<std::string> drain;  // contexts whose inbox has messages that can be delivered
};

class Engine {
  public:
    explicit Engine(eventstore::EventStore& store);
    ~Engine();

    // --- registration, before open() ----------------------------------------------------------
    void add(std::unique_ptr<AggregateHostBase> host, std::vector<std::string> contexts);
    void add(std::unique_ptr<SagaHostBase> host);
    void add_policy(std::unique_ptr<ListenerBase> host);
    // A context that has no aggregate: a view that can be stopped.
    void add_context(std::string_view name) { contexts_.add(name); }

    // Reads what an earlier run left: stopped contexts, waiting messages, effects and timers.
    eventstore::StoreResult<Owed> open();

    // --- work for the sequencer ---------------------------------------------------------------
    eventstore::WorkPtr work(CommandWork request);
    eventstore::WorkPtr fire_timer(std::string key, Instant now);
    eventstore::WorkPtr drain(std::string context, Instant now);
    eventstore::WorkPtr set_context(
        std::string context, ContextSetting setting, Instant now,
        std::move_only_function<void(const eventstore::StoreResult<Reply>&)> done);

    // What the flush just made durable leads to. Call once after every batch that was flushed.
    Owed take_owed();

    // Null when no saga is called so. Any thread.
    const SagaHostBase* find_saga(std::string_view category) const;
    // "payment.cancel_payment -> payment.payment-prereservation-17". Any thread.
    std::string describe(const Send& command) const;

    Contexts& contexts() { return contexts_; }
    const Contexts& contexts() const { return contexts_; }

    // --- for units ----------------------------------------------------------------------------
    AggregateHostBase& aggregate(std::string_view category);
    SagaHostBase& saga(std::string_view category);
    const std::vector<ListenerBase*>& listeners(std::string_view category) const;
    ListenerBase& listener(std::string_view category);
    // Up, and nothing waits that must come first.
    bool receives_now(std::string_view context) const;
    // Where the next message for a stopped context is kept.
    std::string take_inbox_key(Unit& unit, std::string_view context);
    bool is_saga(std::string_view category) const { return sagas_.contains(category); }
    std::uint64_t take_number(Unit& unit, std::string_view counter);
    Raised load_event(const PendingMessage& message);

  private:
    friend class CommandRun;
    friend class TimerWork;
    friend class DrainWork;
    friend class ContextWork;
    void owe(Unit::Outcome outcome);
    void add_watch(const std::string& stream, Watch watch, bool from_history);
    void ring_watches();

    eventstore::EventStore& store_;
    Contexts contexts_;
    std::map<std::string, std::unique_ptr<AggregateHostBase>, std::less<>> aggregates_;
    std::map<std::string, std::unique_ptr<SagaHostBase>, std::less<>> sagas_;
    std::map<std::string, std::unique_ptr<ListenerBase>, std::less<>> policies_;
    std::map<std::string, std::vector<ListenerBase*>, std::less<>> listeners_;
    std::map<std::string, std::uint64_t, std::less<>> counters_;
    struct Inbox {
        std::uint64_t next = 1;  // arrival number of the oldest message
        std::uint64_t last = 0;  // of the newest; the inbox is empty when next > last
    };
    std::map<std::string, Inbox, std::less<>> inboxes_;
    struct Watching {
        Watch watch;
        std::vector<eventstore::EventPtr> seen;
    };
    std::map<std::string, std::vector<Watching>> watches_;
    eventstore::Follower watched_;
    Owed owed_;
};

}  // namespace yeyak
