// One run of the demo: so many connections at once play visit after visit until the day is over.
#pragma once
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "demo/script.h"
#include "demo/tally.h"
#include "replay-tools/remote/client.h"

namespace yeyak::demo {

using remote::Address;
using remote::parse_address;

struct Plan {
    std::string system = "all";  // or the name of the only one
    std::vector<const Script*> scripts;
    Address server;
    std::uint64_t users = 100;
    std::uint64_t connections = 10;
    // How long; without either, every user comes once to every system.
    std::optional<std::uint64_t> requests;
    std::optional<std::chrono::milliseconds> time;
    bool outages = false;
    std::uint64_t seed = 1;
};

enum class Ending { done, interrupted, no_server };

struct Outcome {
    Ending ending = Ending::done;
    std::string error;  // of the connection, for no_server
    double seconds = 0;
    std::vector<std::string> still_stopped;  // contexts that could not be started again
    Tally tally;
};

// Shared by all coroutines of a run, which are all on one thread.
class Day {
  public:
    using Clock = std::chrono::steady_clock;

    Day(boost::asio::io_context& io, const Plan& plan, std::string run_id);

    struct Visit {
        const Script* script = nullptr;
        std::uint64_t number = 0;
        std::int64_t user = 0;
    };
    std::optional<Visit> next_visit();

    // Whether one more request may be sent, which is then counted.
    bool take();
    bool over() const;
    void end(Ending how);
    // Sleeps, but not beyond the end of the day.
    Task<void> pause(std::chrono::milliseconds time);

    // The server is given up when nobody has answered for so long.
    void heard(const Answer& answer);

    const Plan& plan() const { return plan_; }
    const std::string& run_id() const { return run_id_; }
    std::vector<std::int64_t>& put_up(const Script& script) { return put_up_[script.system]; }
    double seconds() const;
    std::uint64_t progress() const;  // in the unit of total()
    std::uint64_t total() const;
    std::string unit() const;

    Tally tally;
    Ending ending = Ending::done;
    std::string error;

  private:
    boost::asio::io_context& io_;
    const Plan& plan_;
    const std::string run_id_;
    const Clock::time_point began_ = Clock::now();
    std::uint64_t visits_ = 0;
    std::uint64_t taken_ = 0;
    bool ended_ = false;
    std::optional<Clock::time_point> silent_since_;
    std::map<std::string_view, std::vector<std::int64_t>> put_up_;
};

// Plays the whole day; shows progress on standard error. SIGINT and SIGTERM end it in order.
Outcome play(const Plan& plan);

}  // namespace yeyak::demo
