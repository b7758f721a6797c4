#include "demo/tally.h"

#include <algorithm>

namespace yeyak::demo {
namespace {

double percent(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return 100;
    return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

// The least time that `of_thousand` per mille of all answers did not exceed.
double at(const std::vector<std::uint32_t>& sorted, std::size_t of_thousand) {
    if (sorted.empty()) return 0;
    const auto rank = (sorted.size() * of_thousand + 999) / 1000;
    return sorted[std::max<std::size_t>(rank, 1) - 1] / 1000.0;
}

}  // namespace

std::uint64_t Kind::sent() const { return from_to(0, 999); }

std::uint64_t Kind::from_to(int least, int most) const {
    std::uint64_t sum = 0;
    for (auto it = answers.lower_bound(least); it != answers.end() && it->first <= most; ++it)
        sum += it->second;
    return sum;
}

void Kind::add(const Kind& other) {
    for (const auto& [status, times] : other.answers) answers[status] += times;
    times_us.insert(times_us.end(), other.times_us.begin(), other.times_us.end());
}

Latency Kind::latency() const {
    auto sorted = times_us;
    std::ranges::sort(sorted);
    return {at(sorted, 500), at(sorted, 950), at(sorted, 990), at(sorted, 1000)};
}

void Tally::count(const std::string& kind, const Answer& answer, std::chrono::microseconds took) {
    ++requests;
    if (answer.status == 0 || answer.status >= 400) ++unsuccessful;
    auto& counted = kinds[kind];
    ++counted.answers[answer.status];
    if (answer.status != 0) counted.times_us.push_back(static_cast<std::uint32_t>(took.count()));
}

void Tally::surprise(std::string what, std::string example) {
    auto& found = surprises[std::move(what)];
    if (++found.times == 1) found.example = std::move(example);
}

Kind Tally::all() const {
    Kind sum;
    for (const auto& [name, kind] : kinds) sum.add(kind);
    return sum;
}

std::uint64_t transactions(const Kind& kind) { return kind.from_to(1, 499); }

double availability(const Kind& kind) { return percent(transactions(kind), kind.sent()); }

double succeeded(const Kind& kind) { return percent(kind.from_to(1, 399), kind.sent()); }

}  // namespace yeyak::demo
