// Appends one event to the log of a data folder at rest, whatever it says: for tests of what the
// program makes of an event that it cannot read.
//   append_record DATA STREAM TYPE PAYLOAD
#include <fmt/format.h>

#include "eventstore/rocks_store.h"

int main(int argc, char** argv) {
    using namespace yeyak::eventstore;
    if (argc != 5) {
        fmt::print(stderr, "usage: append_record DATA STREAM TYPE PAYLOAD\n");
        return 2;
    }
    RocksOptions options;
    options.data_dir = argv[1];
    const auto store = RocksStore::open(options);
    if (!store) {
        fmt::print(stderr, "{}\n", store.error().detail);
        return 1;
    }
    NewEvent event;
    event.type = argv[3];
    event.payload = argv[4];
    StreamAppend append;
    append.stream = argv[2];
    append.events.push_back(std::move(event));
    Commit commit;
    commit.time = {1'800'000'000'000};
    commit.appends.push_back(std::move(append));
    const auto staged = (*store)->stage(std::move(commit));
    if (!staged) {
        fmt::print(stderr, "{}\n", staged.error().detail);
        return 1;
    }
    if (const auto flushed = (*store)->flush(); !flushed) {
        fmt::print(stderr, "{}\n", flushed.error().detail);
        return 1;
    }
    fmt::print("{}\n", staged->last);
    return 0;
}
