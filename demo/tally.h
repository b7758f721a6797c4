// What a day has come to: every request by kind, answer and time, and what was made by them.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "replay-tools/remote/answer.h"

namespace yeyak::demo {

using remote::Answer;

struct Latency {
    double p50_ms = 0;
    double p95_ms = 0;
    double p99_ms = 0;
    double max_ms = 0;
};

struct Kind {
    std::map<int, std::uint64_t> answers;  // by status; 0: no answer
    std::vector<std::uint32_t> times_us;   // of the answers

    std::uint64_t sent() const;
    std::uint64_t from_to(int least, int most) const;
    void add(const Kind& other);
    Latency latency() const;
};

// An answer that no client should get: the first of its sort as an example.
struct Surprise {
    std::uint64_t times = 0;
    std::string example;
};

struct Tally {
    std::map<std::string, Kind> kinds;
    std::map<std::string, std::uint64_t> made;
    std::map<std::string, Surprise> surprises;  // by request and status
    std::uint64_t requests = 0;
    std::uint64_t unsuccessful = 0;  // of them: 400 and above, or no answer
    std::uint64_t retries = 0;
    std::uint64_t outages = 0;

    void count(const std::string& kind, const Answer& answer, std::chrono::microseconds took);
    void surprise(std::string what, std::string example);
    Kind all() const;
};

// As siege counts: a transaction is any answer below 500, so a refusal is one, too. Availability is
// their share of all requests in percent, 100 when there was none.
std::uint64_t transactions(const Kind& kind);
double availability(const Kind& kind);
// The share of answers below 400.
double succeeded(const Kind& kind);

}  // namespace yeyak::demo
