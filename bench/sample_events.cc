#include "bench/sample_events.h"

#include <fmt/format.h>

#include <random>
#include <stdexcept>

namespace yeyak::bench {
namespace {

constexpr std::size_t different_events = 4096;

std::string sample_event(std::uint64_t number, std::mt19937_64& random) {
    std::string event = fmt::format(
        R"({{"type":"bench.appended","data":{{"reservationId":{},"userId":{},)"
        R"("userAddress":"seoul","productId":{},"productName":"fold","price":1300000,)"
        R"("status":"reservation_complete","correlation":"{:016x}{:016x}",)"
        R"("causation":"{:016x}{:016x}","note":")",
        number, random() % 100'000, random() % 100, random(), random(), random(), random());
    constexpr std::string_view end = R"("}})";
    if (event.size() + end.size() > event_bytes) throw std::logic_error("sample event too long");
    event.append(event_bytes - end.size() - event.size(), '.');
    return event.append(end);
}

}  // namespace

SampleEvents::SampleEvents() {
    std::mt19937_64 random(300);  // a fixed seed: every run stores the same bytes
    for (std::uint64_t number = 0; number < different_events; ++number) {
        events_.push_back(sample_event(number, random));
    }
}

}  // namespace yeyak::bench
