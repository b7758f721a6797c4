// What an operator has injected into a context (PUT /actuator/contexts/NAME), drawn for one call:
// how long it is held up, whether it fails before it has an effect, whether its answer is lost.
// Random numbers of the edge. One thread.
#pragma once
#include <chrono>
#include <optional>
#include <random>

#include "aggregates/engine/contexts.h"

namespace yeyak::server {

class Faults {
  public:
    explicit Faults(std::uint64_t seed) : random_(seed) {}

    std::optional<std::chrono::milliseconds> delay(const ContextSetting& setting) {
        if (setting.delay_ms.size() != 2) return std::nullopt;
        const auto least = setting.delay_ms[0];
        return std::chrono::milliseconds{least + below(setting.delay_ms[1] - least + 1)};
    }
    bool fails(const ContextSetting& setting) { return below(1000) < setting.fail_per_mille; }
    bool loses(const ContextSetting& setting) { return below(1000) < setting.lose_per_mille; }

    // From 0 to `end` - 1.
    std::int64_t below(std::int64_t end) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(end));
    }

  private:
    std::mt19937_64 random_;
};

}  // namespace yeyak::server
