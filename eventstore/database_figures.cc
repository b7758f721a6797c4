#include "eventstore/database_figures.h"

#include <rocksdb/db.h>

namespace yeyak::eventstore {
namespace {

using Properties = rocksdb::DB::Properties;

std::uint64_t sum(rocksdb::DB& database, const std::string& property) {
    std::uint64_t value = 0;
    return database.GetAggregatedIntProperty(property, &value) ? value : 0;
}

// What the database counts as a whole: summed over families it would count several times.
std::uint64_t once(rocksdb::DB& database, const std::string& property) {
    std::uint64_t value = 0;
    return database.GetIntProperty(property, &value) ? value : 0;
}

}  // namespace

DatabaseFigures figures_of(rocksdb::DB& database) {
    DatabaseFigures figures;
    figures.memory_table_bytes = sum(database, Properties::kSizeAllMemTables);
    figures.waiting_memory_tables = sum(database, Properties::kNumImmutableMemTable);
    figures.file_bytes = sum(database, Properties::kTotalSstFilesSize);
    figures.live_bytes = sum(database, Properties::kEstimateLiveDataSize);
    figures.keys = sum(database, Properties::kEstimateNumKeys);
    figures.pending_compaction_bytes = sum(database, Properties::kEstimatePendingCompactionBytes);
    figures.running_compactions = once(database, Properties::kNumRunningCompactions);
    figures.running_flushes = once(database, Properties::kNumRunningFlushes);
    figures.background_errors = once(database, Properties::kBackgroundErrors);
    figures.writes_stopped = once(database, Properties::kIsWriteStopped) != 0;
    return figures;
}

}  // namespace yeyak::eventstore
