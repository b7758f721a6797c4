// Logs to build views from, of all systems. Each system makes its streams in <system>_logs.cc,
// where a StreamsOf tells of them.
#pragma once
#include <random>
#include <string>
#include <vector>

#include "aggregates/engine/saga_step.h"
#include "eventstore/event.h"
#include "kernel/events.h"

namespace yeyak::tests {

using Log = std::vector<eventstore::EventPtr>;

// One stream in the making, an event a second.
class Stream {
  public:
    Log log;

  protected:
    Stream(std::string_view category, const std::string& id, std::int64_t begin_ms)
        : name_(std::string{category} + '-' + id), ms_(begin_ms) {}
    void append(std::string_view type, std::string payload);

  private:
    std::string name_;
    std::int64_t ms_;
};

template <class Contract>
class StreamOf : public Stream {
  public:
    StreamOf(const std::string& id, std::int64_t begin_ms)
        : Stream(Contract::category, id, begin_ms) {}
    void add(const typename Contract::Event& event) { append(type_of(event), encode_event(event)); }
};

template <class Saga>
class SagaStream : public Stream {
  public:
    SagaStream(const std::string& id, std::int64_t begin_ms)
        : Stream(Saga::category, id, begin_ms) {}
    template <class Input>
    void step(const typename Saga::State& next) {
        const SagaStepRecord record{std::string{Input::type}, "", {}, {}, Saga::ended(next)};
        append(Saga::type, encode_saga_step(record, next));
    }
};

template <class... Streams>
void collect(std::vector<Log>& all, Streams&... made) {
    (all.push_back(std::move(made.log)), ...);
    std::erase_if(all, [](const Log& log) { return log.empty(); });
}

inline std::int64_t some_time(std::mt19937_64& random) {
    return static_cast<std::int64_t>(random() % 100'000'000);
}

// The streams of `count` reservations, orders and so on of every system: each has a fate by lot.
std::vector<Log> some_streams(std::mt19937_64& random, int count);

// Those of one system.
std::vector<Log> streams_of(std::string_view system, std::mt19937_64& random, int count);

using MakeStreams = std::vector<Log> (*)(std::mt19937_64& random, int count);
// Static: known before main() begins.
struct StreamsOf {
    StreamsOf(std::string_view system, MakeStreams make);
};

// Their events in one order that keeps every stream's own.
Log interleave(std::mt19937_64& random, const std::vector<Log>& streams);
eventstore::EventPtr at_position(const eventstore::EventPtr& event, eventstore::Position position);

}  // namespace yeyak::tests
