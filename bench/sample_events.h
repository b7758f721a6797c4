// The one event that every measurement stores: 300 bytes of JSON. lua/sample.lua sends the same
// shape over HTTP. Enough different events are made beforehand that compression cannot profit from
// repetition, and none is made while the clock runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yeyak::bench {

inline constexpr std::size_t event_bytes = 300;

class SampleEvents {
  public:
    SampleEvents();
    [[nodiscard]] std::string_view at(std::uint64_t number) const {
        return events_[number % events_.size()];
    }

  private:
    std::vector<std::string> events_;
};

}  // namespace yeyak::bench
