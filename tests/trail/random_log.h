// Logs for tests of the trail: orders of several persons with sagas, payments and shared products,
// by hand or at random.
#pragma once
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "eventstore/memory_store.h"

namespace yeyak::trail::testing {

struct Line {
    std::string stream;
    std::string type = "shop.happened.v1";
    std::string correlation = "c1";
    std::string causation = {};
    std::string actor = "somebody";
    std::vector<std::string> tags = {};
    std::string payload = "{}";
};

class Log {
  public:
    // One commit of one event, a second after the one before.
    void add(Line line);
    // The clock is set back, as between two runs of a server.
    void set_back(std::int64_t seconds) { now_.ms -= seconds * 1000; }
    const eventstore::MemoryStore& store() const { return *store_; }
    eventstore::Position head() const { return store_->head(); }
    std::vector<eventstore::EventPtr> events() const;

  private:
    std::unique_ptr<eventstore::MemoryStore> store_ = std::make_unique<eventstore::MemoryStore>();
    Instant now_{1'795'000'000'000};
};

Log random_log(std::uint32_t seed, int events);

}  // namespace yeyak::trail::testing
