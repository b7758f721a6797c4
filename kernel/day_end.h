// When a program looks again for days that are over: at the next midnight in Seoul, and once a
// minute at least, because the date may be set on at any time. Pure: who waits and who knows the
// date are elsewhere.
#pragma once
#include <algorithm>
#include <cstdint>

#include "kernel/time.h"

namespace yeyak {

inline constexpr std::int64_t longest_look_away_ms = 60'000;

// How long to wait after a look that began at `now`. It is asked for before looking: so nobody
// sleeps over a midnight that passes while he looks.
inline std::int64_t ms_to_next_look(Instant now) {
    constexpr std::int64_t day_ms = 86'400'000;
    constexpr std::int64_t seoul_ms = 9 * 3'600'000;
    const auto passed = ((now.ms + seoul_ms) % day_ms + day_ms) % day_ms;
    return std::min(day_ms - passed, longest_look_away_ms);
}

}  // namespace yeyak
