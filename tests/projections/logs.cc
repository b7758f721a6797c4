#include "tests/projections/logs.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>

namespace yeyak::tests {
namespace {

constexpr std::array systems{prereservation_streams, vaccination_streams, market_streams,
                             repairshop_streams,     phoneshop_streams,   notification_streams};

}  // namespace

void Stream::append(std::string_view type, std::string payload) {
    auto recorded = std::make_shared<eventstore::RecordedEvent>();
    recorded->version = log.size() + 1;
    recorded->time = {ms_ += 1000};
    recorded->stream = name_;
    recorded->data.type = type;
    recorded->data.payload = std::move(payload);
    log.push_back(std::move(recorded));
}

std::vector<Log> some_streams(std::mt19937_64& random, int count) {
    std::vector<Log> streams;
    for (const auto of_system : systems)
        std::ranges::move(of_system(random, count), std::back_inserter(streams));
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
