// A seeded run of an event store and the model that knows what it must hold after every flush.
// Shared by the crash, fault and bit-flip tests.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/rocks_store.h"
#include "tests/simulation/sim_fs.h"

namespace yeyak::crash {

using eventstore::Commit;
using eventstore::RecordedEvent;
using eventstore::RocksStore;
using eventstore::Table;

using Tables = std::map<std::pair<Table, std::string>, std::string>;

// What is written, and what must then be there. Flush number k (from 0) writes `flushes[k]`.
struct Script {
    Script(std::uint64_t seed, std::size_t count);

    std::vector<std::vector<Commit>> flushes;
    std::vector<RecordedEvent> events;        // all, in order
    std::vector<eventstore::Position> heads;  // after k flushes
    std::vector<Tables> tables;               // after k flushes
};

struct Rhythm {
    std::size_t flush_memory_every = 0;  // flushes; 0 for never
    std::size_t reopen_every = 0;
};

// A store on a simulated disk. Survives what the disk refuses.
class Machine {
  public:
    explicit Machine(std::shared_ptr<simulation::SimFs> disk);

    bool open();  // false when refused; refusal() says why
    void close() { store_.reset(); }
    RocksStore* store() { return store_.get(); }
    simulation::SimFs& disk() { return *disk_; }
    const std::string& refusal() const { return refusal_; }
    // Stages and flushes flush number k; true when it was acknowledged.
    bool write(const Script& script, std::size_t k);
    // To table files, and waits until the background has come to rest.
    bool flush_memory();
    // From flush `from` on, until the end or the first failure; answers how many were acknowledged
    // in all. The disk's label is always that number.
    std::size_t play(const Script& script, std::size_t from, const Rhythm& rhythm);

  private:
    std::shared_ptr<simulation::SimFs> disk_;
    std::unique_ptr<rocksdb::Env> env_;
    std::unique_ptr<RocksStore> store_;
    std::string refusal_;
};

struct Verdict {
    enum class Kind { right, reported, wrong };
    Kind kind = Kind::right;
    std::string detail;
    std::size_t flushes = 0;  // how many the store holds, when it is right
};

// Reads everything in every way and compares: the log, the streams, the postings, the tables. The
// store must hold a whole number of flushes from `least` to `most`.
Verdict audit(const RocksStore& store, const Script& script, std::size_t least, std::size_t most);

// The environment variable YEYAK_TEST_AMOUNT scales the counts, in percent; sanitizers set it
// lower.
std::size_t amount(std::size_t full);

}  // namespace yeyak::crash
