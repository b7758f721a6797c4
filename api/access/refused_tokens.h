// Tells why tokens did not count, which their senders are not told. Whoever sends bad tokens must
// not be able to fill a disk with what is told of them: of the lines in the server's log the first
// of a kind from a network within a minute is written, and so many of a minute at most, and the
// next line says how many were not; the log of events has one event for all of a minute. One
// thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "aggregates/operations/contract.h"
#include "api/http/http.h"
#include "auth/fault.h"
#include "kernel/time.h"

namespace yeyak::api {

class RefusedTokens {
  public:
    static constexpr std::size_t most_of_a_minute = 60;
    static constexpr std::size_t most_networks = 20;  // of an event

    // Writes the line if one is due: reason and network, and nothing of the token.
    void note(const http::Request& request, auth::Fault why, Instant now);

    // What is to be recorded of those since the last time; none: there were none.
    std::optional<operations::TokensRefused> take();

    // How many were not told since the last time; none: this one is not to be told either.
    std::optional<std::uint64_t> worth_telling(std::string network, std::string_view why,
                                               Instant now);

  private:
    std::int64_t minute_ = 0;
    std::set<std::pair<std::string, std::string_view>> told_;  // within the minute
    std::uint64_t untold_ = 0;
    operations::TokensRefused fact_;  // to be recorded
};

}  // namespace yeyak::api
