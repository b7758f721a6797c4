// When the keys of an issuer are fetched again because a token named one that is not known: at most
// once in 10 s, however many such tokens come. Else whoever sends invented names would have the
// server knock at the issuer's door as fast as he can. Times are those of a clock that never goes
// back (kernel/edge/clock.h). Pure; no lock.
#pragma once
#include <optional>

#include "kernel/time.h"

namespace yeyak::auth {

class RefreshPolicy {
  public:
    static constexpr std::int64_t pause_ms = 10'000;

    // Whether to fetch now; a yes counts as the last time. Fetches for another reason are told by
    // fetched(), as they make one for this reason needless.
    bool ask(Instant now);
    void fetched(Instant now) { last_ = now; }

  private:
    std::optional<Instant> last_;
};

}  // namespace yeyak::auth
