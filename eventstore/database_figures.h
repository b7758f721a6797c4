// What RocksDB knows of itself, for whoever watches a server. Any thread; it takes some
// microseconds of the database's own lock.
#pragma once
#include <cstdint>

namespace rocksdb {
class DB;
}

namespace yeyak::eventstore {

// Of all families of a database together.
struct DatabaseFigures {
    std::uint64_t memory_table_bytes = 0;
    std::uint64_t waiting_memory_tables = 0;  // full, and not yet written to files
    std::uint64_t file_bytes = 0;
    std::uint64_t live_bytes = 0;  // an estimate of what a full compaction would leave
    std::uint64_t keys = 0;        // an estimate, too
    std::uint64_t pending_compaction_bytes = 0;
    std::uint64_t running_compactions = 0;
    std::uint64_t running_flushes = 0;
    std::uint64_t background_errors = 0;
    bool writes_stopped = false;
};

DatabaseFigures figures_of(rocksdb::DB& database);

}  // namespace yeyak::eventstore
