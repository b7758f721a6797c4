// Logs to build views from, and views as text so that two of them can be compared byte for byte.
#pragma once
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "aggregates/kernel/events.h"
#include "projections/registry.h"

namespace yeyak::tests {

using Log = std::vector<eventstore::EventPtr>;

// An empty folder that is gone afterwards.
class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

// One stream in the making, an event a second.
class Stream {
  public:
    Stream(std::string name, std::int64_t begin_ms) : name_(std::move(name)), ms_(begin_ms) {}
    template <class Variant>
    void add(const Variant& event) {
        eventstore::RecordedEvent recorded;
        recorded.version = log.size() + 1;
        recorded.time = {ms_ += 1000};
        recorded.stream = name_;
        recorded.data.type = type_of(event);
        recorded.data.payload = encode_event(event);
        log.push_back(std::make_shared<eventstore::RecordedEvent>(std::move(recorded)));
    }
    Log log;

  private:
    std::string name_;
    std::int64_t ms_;
};

// The streams of `reservations` pre-reservations: some cancelled, some declined, some with receipts
// that were withdrawn; and those of the other systems between them.
std::vector<Log> some_streams(std::mt19937_64& random, int reservations);
// Those of as many reservations of the market: unpaid, paid, tried again, cancelled, refunded.
std::vector<Log> some_market_streams(std::mt19937_64& random, int reservations);
// Their events in one order that keeps every stream's own.
Log interleave(std::mt19937_64& random, const std::vector<Log>& streams);
eventstore::EventPtr at_position(const eventstore::EventPtr& event, eventstore::Position position);

std::unique_ptr<projections::ViewStore> open_views(const std::filesystem::path& folder);
// Brings a build of a view to the end of the log in batches of the sizes that `next_size` says.
void build(projections::ViewStore& store, const projections::View& view,
           const projections::Build& build, const Log& log,
           const std::function<std::size_t()>& next_size);
// Rows with their lists and versions, every index, counts and checkpoint.
std::string text_of(const projections::ViewStore& store, const projections::Build& build);

}  // namespace yeyak::tests
