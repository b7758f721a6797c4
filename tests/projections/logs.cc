#include "tests/projections/logs.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>

#include "kernel/ensure.h"

namespace yeyak::tests {
namespace {

// By name, so that one seed is one log however the program was linked.
std::map<std::string_view, MakeStreams>& systems() {
    static std::map<std::string_view, MakeStreams> all;
    return all;
}

}  // namespace

void Stream::append(std::string_view type, std::string payload) {
    auto recorded = std::make_shared<eventstore::RecordedEvent>();
    recorded->version = log.size() + 1;
    recorded->time = {ms_ += 1000};
    recorded->stream = name_;
    recorded->data.causation_id = log.empty() ? "http/r from 127.0.0.1" : name_ + "@1";
    recorded->data.actor = "user:1";
    recorded->data.type = type;
    recorded->data.payload = std::move(payload);
    log.push_back(std::move(recorded));
}

StreamsOf::StreamsOf(std::string_view system, MakeStreams make) {
    ensure(systems().emplace(system, make).second, "a system has one file of logs");
}

std::vector<Log> streams_of(std::string_view system, std::mt19937_64& random, int count) {
    return systems().at(system)(random, count);
}

std::vector<Log> some_streams(std::mt19937_64& random, int count) {
    std::vector<Log> streams;
    for (const auto& [name, make] : systems())
        std::ranges::move(make(random, count), std::back_inserter(streams));
    return streams;
}

eventstore::EventPtr at_position(const eventstore::EventPtr& event, eventstore::Position position) {
    auto moved = std::make_shared<eventstore::RecordedEvent>(*event);
    moved->position = position;
    return moved;
}

Log interleave(std::mt19937_64& random, const std::vector<Log>& streams) {
    std::vector<std::size_t> turns;
    for (std::size_t i = 0; i < streams.size(); ++i)
        turns.insert(turns.end(), streams[i].size(), i);
    std::ranges::shuffle(turns, random);
    std::vector<std::size_t> next(streams.size());
    Log log;
    for (const auto stream : turns)
        log.push_back(at_position(streams[stream][next[stream]++], log.size() + 1));
    return log;
}

}  // namespace yeyak::tests
