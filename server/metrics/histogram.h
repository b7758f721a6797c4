// How often a value was at most so large. Written by one thread, read by any: without a lock and
// without a locked instruction.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace yeyak::server {

class Histogram {
  public:
    // `bounds` ascend and outlive it.
    explicit Histogram(std::span<const double> bounds)
        : bounds_(bounds), counts_(bounds.size() + 1) {}

    // On its one writing thread.
    void observe(double value) {
        const auto at = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
        auto& count = counts_[static_cast<std::size_t>(at)];
        count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        sum_.store(sum_.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
    }

    std::span<const double> bounds() const { return bounds_; }
    // How many were at most as large as each bound and larger than the one before it; the last one
    // counts what is larger than all.
    std::vector<std::uint64_t> counts() const {
        std::vector<std::uint64_t> counts;
        for (const auto& count : counts_) counts.push_back(count.load(std::memory_order_relaxed));
        return counts;
    }
    double sum() const { return sum_.load(std::memory_order_relaxed); }

  private:
    const std::span<const double> bounds_;
    std::vector<std::atomic<std::uint64_t>> counts_;
    std::atomic<double> sum_ = 0;
};

}  // namespace yeyak::server
