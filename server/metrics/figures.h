// What is counted while it happens, because nothing else keeps it: requests, commands, batches. All
// other figures are read where they stand when somebody asks for them (metrics.h).
//
// Threads: requests, commands and appends are counted and read on the I/O context; batches are
// counted by the sequencer and read by any thread.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "aggregates/engine/reply.h"
#include "eventstore/sequencer.h"
#include "server/metrics/histogram.h"

namespace yeyak::server {

struct AppendOutcome;

using eventstore::StoreResult;

// From a tenth of a millisecond, in which a read is answered, to what waits for a payment.
inline constexpr std::array request_seconds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                            0.025,  0.05,    0.1,    0.25,  0.5,    1.0,   2.5};
inline constexpr std::array batch_seconds{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                          0.005,   0.01,   0.025,   0.05,   0.1,   0.5};
inline constexpr std::array batch_sizes{1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 512.0, 1024.0};

// So often it ended in each way. The names are constants of the program.
using Tally = std::map<std::string_view, std::uint64_t>;

// The way in which a command or an append ended.
std::string_view outcome_of(const StoreResult<Reply>& reply);
std::string_view outcome_of(const StoreResult<AppendOutcome>& outcome);

// A request that was answered. Of what the client sent nothing is kept: method, route (the pattern,
// never the path), status and code are words of the program, so there are only so many of them.
struct AnsweredRequest {
    std::string_view method = {};  // a constant; empty: the request could not be read
    std::string_view route = {};   // outlives the figures; empty: there is none such
    int status = 0;
    std::string_view refusal = {};  // the code of the problem, if it was refused
    std::chrono::nanoseconds took{0};
    bool streamed = false;  // how long it took is how long the client stayed
};

class RequestFigures {
  public:
    void note(const AnsweredRequest& request);
    void note_refused_token(std::string_view why);  // a constant

    struct Key {
        std::string_view route;
        std::string_view method;
        auto operator<=>(const Key&) const = default;
    };
    struct OfRoute {
        std::map<int, std::uint64_t> by_status;
        Histogram seconds{request_seconds};
    };
    using Routes = std::map<Key, OfRoute>;
    using Refusals = std::map<std::string, std::uint64_t, std::less<>>;  // by code
    const Routes& routes() const { return routes_; }
    const Refusals& refusals() const { return refusals_; }
    const Tally& refused_tokens() const { return refused_tokens_; }

  private:
    Routes routes_;
    Refusals refusals_;
    Tally refused_tokens_;
};

struct BatchFigures {
    void note(const eventstore::BatchReport& batch);

    Histogram work{batch_sizes};
    Histogram events{batch_sizes};
    Histogram waited{batch_seconds};
    Histogram deciding{batch_seconds};
    Histogram flushing{batch_seconds};
};

struct Figures {
    RequestFigures requests;
    Tally commands;
    Tally appends;
    BatchFigures batches;
};

}  // namespace yeyak::server
