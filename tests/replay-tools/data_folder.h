// A data folder filled by the real engine: reservations in every state that they can end or wait
// in, and the views that belong to them.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "aggregates/engine/engine.h"
#include "eventstore/rocks_store.h"

namespace yeyak::tools::testing {

// What becomes of reservation n: the state at n % states.
enum class Fate {
    completed,         // paid, confirmed, receipt issued
    declined,          // by the provider
    not_charged,       // the provider was never asked
    unknown_refunded,  // no answer, cancelled, captured after all, refunded
    cancelled,         // by the user after it was paid, refunded
    refund_postponed,  // the refund failed; a timer is set
    paying,            // the provider has not answered yet
    unknown,           // no answer; asked again later
    desk_closed,       // cancelled while the payment desk was stopped: a message waits
};
inline constexpr std::int64_t fates = 9;
inline Fate fate_of(std::int64_t number) { return static_cast<Fate>(number % fates); }

// Removed with the object.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

// Runs the engine without threads and with a clock of its own.
class Platform {
  public:
    explicit Platform(const std::filesystem::path& data);
    ~Platform();

    // Reservations 1 to n, each led to its fate.
    void reserve(std::int64_t count);
    void ask_again();   // fires the timers of payments whose outcome is unknown and to be refunded
    void cancel();      // what users cancel
    void close_desk();  // stops the payment desk and cancels the rest
    eventstore::RocksStore& store() { return *store_; }

  private:
    void give(CommandWork request);
    void run();
    void carry_out(const DueEffect& effect);
    void cancel_all(Fate fate);

    std::unique_ptr<eventstore::RocksStore> store_;
    std::unique_ptr<Engine> engine_;
    std::vector<eventstore::WorkPtr> batch_;
    std::vector<DueTimer> timers_;
    std::int64_t last_ = 0;
    Instant now_{1'795'000'000'000};
    std::uint64_t request_ = 0;
};

// Fills the folder with `reservations` and builds all views, in small steps as a server would.
void fill(const std::filesystem::path& data, std::int64_t reservations);
void build_views(const std::filesystem::path& data, std::size_t step);

// Every file with its size, time of change and content.
std::map<std::string, std::string> snapshot_of(const std::filesystem::path& folder);

}  // namespace yeyak::tools::testing
