#include "tests/eventstore/fixtures.h"

#include <unistd.h>

#include <atomic>

namespace yeyak::eventstore {

TempFolder::TempFolder() {
    static std::atomic<int> number = 0;
    path_ = std::filesystem::path{testing::TempDir()} /
            ("yeyak-" + std::to_string(getpid()) + "-" + std::to_string(++number));
    std::filesystem::create_directories(path_);
}

RocksOptions options_in(const std::filesystem::path& folder) {
    RocksOptions options;
    options.data_dir = folder / "data";
    options.headroom_bytes = 0;
    return options;
}

std::unique_ptr<RocksStore> open_or_die(const RocksOptions& options) {
    auto store = RocksStore::open(options);
    if (!store) {
        ADD_FAILURE() << store.error().detail;
        std::abort();
    }
    return *std::move(store);
}

NewEvent event(std::string type, std::string payload, std::vector<std::string> tags) {
    NewEvent made;
    made.type = std::move(type);
    made.payload = std::move(payload);
    made.tags = std::move(tags);
    return made;
}

StreamAppend append(std::string stream, Expected expected, std::vector<NewEvent> events) {
    return {std::move(stream), expected, std::move(events)};
}

Commit commit_of(std::vector<StreamAppend> appends, std::vector<TableWrite> writes) {
    return {Instant{1'000}, std::move(appends), {}, std::move(writes)};
}

Commit commit_to(const std::string& stream, std::size_t count, Expected expected) {
    return commit_of({append(stream, expected, std::vector<NewEvent>(count, event("a.b.v1")))});
}

Staged write(EventStore& store, Commit commit) {
    auto staged = store.stage(std::move(commit));
    EXPECT_TRUE(staged) << staged.error().detail;
    const auto flushed = store.flush();
    EXPECT_TRUE(flushed) << flushed.error().detail;
    return staged ? *staged : Staged{};
}

std::vector<Position> positions_of(const std::vector<EventPtr>& events) {
    std::vector<Position> positions;
    for (const auto& e : events) positions.push_back(e->position);
    return positions;
}

std::vector<EventPtr> read_everything(const EventStore& store, const Filter& filter,
                                      std::size_t page_size) {
    std::vector<EventPtr> all;
    AllQuery query;
    query.filter = filter;
    query.max_events = page_size;
    while (true) {
        const auto page = store.read_all(query);
        EXPECT_TRUE(page) << page.error().detail;
        if (!page) return all;
        all.insert(all.end(), page->events.begin(), page->events.end());
        if (page->end) return all;
        EXPECT_GT(page->next_after, query.after) << "a page moves on";
        query.after = page->next_after;
    }
}

}  // namespace yeyak::eventstore
