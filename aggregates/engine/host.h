// How the engine sees an aggregate or a saga without knowing its types. The two templates that
// stand behind these interfaces are in aggregate_host.h and saga_host.h. Sequencer's thread only.
#pragma once
#include <any>
#include <boost/describe.hpp>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event.h"
#include "kernel/json.h"
#include "kernel/message.h"

namespace yeyak {

class Unit;

// How a command ended, and where.
struct Verdict {
    Ended ended = Ended::ok;
    std::string refusal;  // the stable code of the rule that refused it
    std::string stream;
    eventstore::Version version = 0;  // of the stream afterwards

    bool ok() const { return ended == Ended::ok; }
    std::string code() const { return std::string{code_of(ended, refusal)}; }

    // For rules that are wider than one stream, before they give a command to anybody.
    static Verdict refused(std::string why) { return {Ended::refused, std::move(why), {}, 0}; }
    static Verdict context_down() { return {Ended::context_down, {}, {}, 0}; }
};

// An event of the unit at hand, for those who listen.
struct Raised {
    std::string_view category;
    std::string stream;
    eventstore::Version version = 0;
    std::any event;  // the contract's Event variant
    Cause cause;
};

class AggregateHostBase {
  public:
    virtual ~AggregateHostBase() = default;
    virtual std::string_view category() const = 0;
    virtual std::string_view context(std::string_view id) const = 0;
    virtual Verdict handle(Unit& unit, const std::string& id, const std::any& command,
                           const Cause& cause) = 0;
    virtual std::string_view command_type(const std::any& command) const = 0;
    virtual std::string encode_command(const std::any& command) const = 0;
    virtual std::expected<std::any, JsonError> decode_command(std::string_view type,
                                                              std::string_view json) const = 0;
    virtual std::expected<std::any, JsonError> decode_event(std::string_view type,
                                                            std::string_view json) const = 0;
};

// Who hears events: a saga, or a policy.
class ListenerBase {
  public:
    virtual ~ListenerBase() = default;
    virtual std::string_view category() const = 0;  // or the policy's name
    virtual std::string_view context() const = 0;
    // The categories it listens to.
    virtual std::vector<std::string_view> sources() const = 0;
    // Whether the event leads to anything here.
    virtual bool wants(const Raised& raised) const = 0;
    virtual void offer(Unit& unit, const Raised& raised) = 0;
};

// What an operator can ask of a saga.
enum class SagaOrder { retry, compensate };
BOOST_DESCRIBE_ENUM(SagaOrder, retry, compensate)

// What an order would do to a saga as it stands.
struct SagaOutlook {
    bool possible = false;
    std::string next;  // the state afterwards
    std::vector<Send> sends;
};

class SagaHostBase : public ListenerBase {
  public:
    virtual void refused(Unit& unit, const std::string& id, const Refused& refused,
                         const Cause& cause) = 0;
    // A timer of saga `id` is due; `type` and `json` are what it says.
    virtual std::expected<void, JsonError> timeout(Unit& unit, const std::string& id,
                                                   std::string_view type, std::string_view json,
                                                   const Cause& cause) = 0;
    // Carries out an operator's order. Refused with saga_not_found, or nothing_to_do.
    virtual Verdict operate(Unit& unit, const std::string& id, SagaOrder order,
                            const Cause& cause) = 0;
    // The same, only looked at: `payload` is the saga's newest step. Any thread.
    virtual std::expected<SagaOutlook, JsonError> outlook(std::string_view payload, SagaOrder order,
                                                          Instant now) const = 0;
};

}  // namespace yeyak
