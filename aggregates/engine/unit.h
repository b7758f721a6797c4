// One unit of work: everything that follows from one message, decided together and committed
// together. A command's events are offered to the sagas that listen, their commands are given to
// the aggregates that receive them, and so on until nothing is left to say; what cannot be
// delivered because a context is stopped waits in the inbox. All of it is one commit.
//
// A unit never fails half-way: a refusal further down the chain is an input of the saga that sent
// the command. Sequencer's thread only.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "aggregates/engine/host.h"
#include "aggregates/engine/pending.h"
#include "eventstore/event_store.h"

namespace yeyak {

class Engine;

class Unit {
  public:
    Unit(Engine& engine, eventstore::EventStore& store, Instant now, Cause cause);

    Instant now() const { return now_; }
    const Cause& cause() const { return cause_; }
    eventstore::EventStore& store() { return store_; }

    bool is_up(std::string_view context) const;
    AggregateHostBase& aggregate(std::string_view category);

    // The next number of a collection: 1, 2, 3 …, never given out twice.
    std::uint64_t next_number(std::string_view collection);

    // Gives a command to its aggregate and follows everything that results.
    template <class Contract>
    Verdict execute(const std::string& id, typename Contract::Command command) {
        return execute(send<Contract>(id, std::move(command), Delivery::now));
    }
    Verdict execute(const Send& command);

    // Gives an operator's order to a saga and follows everything that results.
    Verdict operate(std::string_view saga, const std::string& id, SagaOrder order);

    // Delivers what waited for its time or its context.
    void deliver(const PendingMessage& message);
    void deliver_or_wait(const PendingMessage& message);

    void write(eventstore::Table table, std::string key, std::optional<std::string> value);

    // --- for hosts ----------------------------------------------------------------------------
    void record(const std::string& stream, eventstore::Version before, eventstore::NewEvent event);
    void raise(Raised raised);
    void send_from(std::string_view saga_category, const std::string& saga_id, Send command,
                   const Cause& cause);
    std::string describe(const Send& command) const;
    void add_effect(const std::string& key, PendingEffect effect);
    void add_timer(const std::string& origin, PendingTimer timer);

    // The version of a stream after all that was staged and all that this unit has recorded.
    eventstore::Version head(const std::string& stream);
    // How many events of a stream this unit has recorded.
    eventstore::Version recorded(const std::string& stream) const;
    // Whether anything of a message stays: events, or more than a number that was taken.
    bool keeps_something() const;
    // Where the last event so far will stand; the head before it when there is none.
    eventstore::Position last_position() const;

    // Stages everything. Ends the unit.
    struct Outcome {
        std::vector<DueEffect> effects;
        std::vector<DueTimer> timers;
    };
    Outcome commit();

  private:
    struct Outgoing {
        std::string from_category;
        std::string from_id;
        Send command;
        Cause cause;
    };
    void run_out();
    void offer(const Raised& raised);
    void dispatch(Outgoing& outgoing);
    void wait_in_inbox(std::string_view context, const PendingMessage& message);

    Engine& engine_;
    eventstore::EventStore& store_;
    Instant now_;
    Cause cause_;
    eventstore::Commit commit_;
    std::deque<Raised> raised_;
    std::deque<Outgoing> outgoing_;
    std::size_t timers_of_origin_ = 0;
    Outcome outcome_;
};

}  // namespace yeyak
