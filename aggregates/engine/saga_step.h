// One step of a saga as it stands in the log: what came in, what went out, and the whole state
// after it. The payload is
// {"input":…,"inputId":…,"sent":[…],"timers":[…],"ended":…,"state":NAME,"data":{…}}.
#pragma once
#include <boost/describe.hpp>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/json.h"
#include "kernel/time.h"

namespace yeyak {

struct SagaStepRecord {
    std::string input;              // type of the input
    std::string input_id;           // "stream@version" of the event, or the timer's key
    std::vector<std::string> sent;  // "command type -> stream", in order
    std::vector<Instant> timers;    // due times set
    bool ended = false;             // completed or compensated
};
BOOST_DESCRIBE_STRUCT(SagaStepRecord, (), (input, input_id, sent, timers, ended))

// Whether an event is such a step. A category without a dot is another program's: what looks like a
// step there is none.
bool is_saga_step(std::string_view stream, std::string_view type);

// Defined in saga_step_impl.h, instantiated in the codec.cc of each saga.
template <class State>
std::string encode_saga_step(const SagaStepRecord& record, const State& state);
template <class State>
std::expected<State, JsonError> decode_saga_state(std::string_view payload);

// The same with the state as text.
struct SagaStateText {
    std::string type;
    std::string data;
};
std::string join_saga_step(const SagaStepRecord& record, std::string_view type,
                           std::string_view data);
std::expected<SagaStateText, JsonError> saga_state_text(std::string_view payload);

// What auditors need of any saga, whoever it is.
struct SagaSummary {
    std::string state;
    bool ended = false;
};
std::expected<SagaSummary, JsonError> saga_summary(std::string_view payload);

}  // namespace yeyak
