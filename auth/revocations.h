// Which tokens count no more although their time is not over: those of a subject that were issued
// at or before an instant. A table in memory; what it holds follows from the log (the events
// operations.tokens_revoked of the stream operations.journal-tokens), so that a revocation is
// durable and stands in the trail. Tokens say when they were issued in whole seconds: one that is
// made within the second of a revocation, after it, is revoked as well. So is one that an issuer
// makes within the leeway after it, since his clock may be ahead of the one that wrote the event.
//
// May be used from any thread. Entries are never removed; one takes about 100 bytes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "auth/claims.h"

namespace yeyak::auth {

class Revocations {
  public:
    // `leeway_ms`: how far ahead the clock may be that tokens are issued by; 0 when it is our own.
    explicit Revocations(std::int64_t leeway_ms = 0) : leeway_ms_(leeway_ms) {}

    // Of two for the same subject, the later one counts, in whatever order they come.
    void revoke(std::string_view subject, Instant issued_until);
    bool revoked(const Claims& claims) const;
    std::size_t subjects() const;

  private:
    const std::int64_t leeway_ms_;
    mutable std::shared_mutex mutex_;
    std::map<std::string, Instant, std::less<>> issued_until_;
};

}  // namespace yeyak::auth
