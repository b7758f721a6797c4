// The event store for tests: the same answers as the durable one, nothing on disk.
#pragma once
#include <map>
#include <mutex>

#include "eventstore/staging.h"

namespace yeyak::eventstore {

class MemoryStore final : public StagingStore {
  public:
    MemoryStore() : StagingStore(0) {}

    Capabilities capabilities() const override;
    StoreResult<Page> read_stream(const StreamQuery& query) const override;
    StoreResult<Page> read_all(const AllQuery& query) const override;
    StoreResult<std::optional<std::string>> value(Table table, std::string_view key) const override;
    StoreResult<std::vector<TableEntry>> entries(Table table, std::string_view prefix,
                                                 std::string_view after,
                                                 std::size_t max) const override;

  protected:
    StoreResult<void> persist(const Batch& batch) override;
    StoreResult<Version> stored_head(std::string_view stream) const override;

  private:
    mutable std::mutex mutex_;
    std::vector<EventPtr> log_;
    std::map<std::string, std::vector<EventPtr>, std::less<>> streams_;
    std::map<std::pair<Table, std::string>, std::string> tables_;
};

}  // namespace yeyak::eventstore
