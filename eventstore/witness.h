// The tail witness: a second, independent record of how far the log has come. RocksDB cannot tell a
// write-ahead log that was cut short by bit rot from one that simply ends there; the witness can.
// It holds the last event and the write counter of a finished flush, in two alternating slots of a
// small file beside the log (FORMAT.md, "Witness").
//
// record() is called by the writer after each flush. In `background` mode a thread of its own
// writes and syncs the newest mark, so that a flush does not wait for a second disk sync; while
// commits are flowing the witness is one or two flushes behind, when they stop it is exact within a
// sync.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "eventstore/event_store.h"

namespace rocksdb {
class FSRandomRWFile;
class FileSystem;
}  // namespace rocksdb

namespace yeyak::eventstore {

struct WitnessMark {
    Position position = 0;       // of the last event; 0 when there is none
    std::uint64_t sequence = 0;  // the engine's write counter: grows with table writes, too
    LeafHash leaf{};             // of the last event
};

enum class WitnessMode { background, inline_sync };

class Witness {
  public:
    // Creates the file when there is none. The file system must outlive the witness.
    static StoreResult<std::unique_ptr<Witness>> open(std::shared_ptr<rocksdb::FileSystem> files,
                                                      std::string path, WitnessMode mode);
    // Reads without writing; nothing when the file is missing or no slot is whole.
    static std::optional<WitnessMark> read(rocksdb::FileSystem& files, const std::string& path);
    // The file is as it was created: its first mark was never written.
    static bool is_blank(rocksdb::FileSystem& files, const std::string& path);

    Witness(const Witness&) = delete;
    Witness& operator=(const Witness&) = delete;
    ~Witness();

    // Not older than the mark before. After an error every later call answers it.
    StoreResult<void> record(const WitnessMark& mark);

  private:
    Witness(std::unique_ptr<rocksdb::FSRandomRWFile> file, WitnessMode mode, unsigned slot);
    void run();
    StoreResult<void> write(const WitnessMark& mark);

    std::unique_ptr<rocksdb::FSRandomRWFile> file_;
    WitnessMode mode_;
    unsigned slot_;  // to write next: never the newest
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<WitnessMark> wanted_;
    std::optional<StoreError> failure_;
    bool stopping_ = false;
    std::thread writer_;
};

}  // namespace yeyak::eventstore
