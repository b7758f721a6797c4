// Stores, folders and short words for the event store's tests.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>

#include "eventstore/follower.h"
#include "eventstore/memory_store.h"
#include "eventstore/rocks_store.h"

namespace yeyak::eventstore {

// A folder that disappears with its owner.
class TempFolder {
  public:
    TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() { std::filesystem::remove_all(path_); }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

RocksOptions options_in(const std::filesystem::path& folder);
std::unique_ptr<RocksStore> open_or_die(const RocksOptions& options);

NewEvent event(std::string type, std::string payload = "{}", std::vector<std::string> tags = {});
StreamAppend append(std::string stream, Expected expected, std::vector<NewEvent> events);
Commit commit_of(std::vector<StreamAppend> appends, std::vector<TableWrite> writes = {});
// One stream, `count` events of type "a.b.v1" without tags.
Commit commit_to(const std::string& stream, std::size_t count = 1, Expected expected = {});
// Stages and flushes; fails the test when either fails.
Staged write(EventStore& store, Commit commit);
std::vector<Position> positions_of(const std::vector<EventPtr>& events);
std::vector<EventPtr> read_everything(const EventStore& store, const Filter& filter,
                                      std::size_t page);

// What the conformance suite runs against.
struct Memory {
    MemoryStore store;
    EventStore& operator*() { return store; }
};
struct Rocks {
    TempFolder folder;
    std::unique_ptr<RocksStore> store = open_or_die(options_in(folder.path()));
    EventStore& operator*() { return *store; }
};

}  // namespace yeyak::eventstore
