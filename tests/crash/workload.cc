#include "tests/crash/workload.h"

#include <rocksdb/db.h>

#include <cstdlib>
#include <thread>

namespace yeyak::crash {
namespace {

using eventstore::Expected;
using eventstore::NewEvent;

constexpr std::array streams{"seat.hold-1", "seat.hold-2", "payment.payment-1", "order-1",
                             "order-2"};
constexpr std::array types{"seat.held.v1", "seat.released.v1", "payment.completed.v1"};

NewEvent make_event(std::mt19937_64& random) {
    NewEvent event;
    event.type = types[random() % types.size()];
    event.payload = "{\"note\":\"" + std::string(random() % 120, 'a' + random() % 26) + "\"}";
    if (random() % 2) event.event_id = "e" + std::to_string(random() % 1000);
    event.correlation_id = "c" + std::to_string(random() % 10);
    event.actor = "user:" + std::to_string(random() % 3);
    for (std::uint64_t i = random() % 3; i > 0; --i)
        event.tags.push_back("tag:" + std::to_string(random() % 4));
    return event;
}

Commit make_commit(std::mt19937_64& random) {
    Commit commit;
    commit.time = Instant{1'700'000'000'000 + static_cast<std::int64_t>(random() % 1'000'000)};
    const std::size_t first = random() % streams.size();
    for (std::size_t i = random() % 4; i > 0; --i) {
        eventstore::StreamAppend append{streams[(first + i) % streams.size()], Expected::any(), {}};
        for (std::size_t n = 1 + random() % 3; n > 0; --n)
            append.events.push_back(make_event(random));
        commit.appends.push_back(std::move(append));
    }
    for (std::size_t i = random() % 3; i > 0; --i) {
        const auto table = static_cast<Table>(1 + random() % 8);
        std::optional<std::string> value;
        if (random() % 3) value = "v" + std::to_string(random());
        commit.writes.push_back({table, "k" + std::to_string(random() % 6), std::move(value)});
    }
    return commit;
}

}  // namespace

Script::Script(std::uint64_t seed, std::size_t count) : heads{0}, tables{{}} {
    std::mt19937_64 random{seed};
    std::map<std::string, eventstore::Version> versions;
    Tables now;
    for (std::size_t k = 0; k < count; ++k) {
        std::vector<Commit> commits;
        for (std::size_t i = 1 + random() % 3; i > 0; --i) commits.push_back(make_commit(random));
        commits.back().writes.push_back({Table::counter, "flushes", std::to_string(k + 1)});
        for (const auto& commit : commits) {
            for (const auto& append : commit.appends)
                for (const auto& data : append.events)
                    events.push_back({.position = events.size() + 1,
                                      .version = ++versions[append.stream],
                                      .time = commit.time,
                                      .stream = append.stream,
                                      .data = data});
            for (const auto& write : commit.writes) {
                now.erase({write.table, write.key});
                if (write.value) now[{write.table, write.key}] = *write.value;
            }
        }
        flushes.push_back(std::move(commits));
        heads.push_back(events.size());
        tables.push_back(now);
    }
}

Machine::Machine(std::shared_ptr<simulation::SimFs> disk)
    : disk_(std::move(disk)), env_(simulation::sim_env(disk_)) {}

bool Machine::open() {
    eventstore::RocksOptions options;
    options.data_dir = "/data";
    options.headroom_bytes = 0;
    options.witness = eventstore::WitnessMode::inline_sync;
    options.env = env_.get();
    options.simulation = true;
    auto opened = RocksStore::open(options);
    if (!opened) {
        refusal_ = opened.error().detail;
        return false;
    }
    store_ = *std::move(opened);
    return true;
}

bool Machine::write(const Script& script, std::size_t k) {
    for (const auto& commit : script.flushes[k])
        if (!store_->stage(commit)) return false;
    return store_->flush().has_value();
}

bool Machine::flush_memory() {
    const bool ok = store_->flush_memory().has_value();
    std::uint64_t running = 1;
    while (store_->handles().db->GetIntProperty("rocksdb.num-running-flushes", &running) && running)
        std::this_thread::yield();
    return ok;
}

std::size_t Machine::play(const Script& script, std::size_t from, const Rhythm& rhythm) {
    disk_->set_label(from);
    if (!store_ && !open()) return from;
    for (std::size_t k = from; k < script.flushes.size(); ++k) {
        if (!write(script, k)) return k;
        disk_->set_label(k + 1);
        if (rhythm.flush_memory_every && (k + 1) % rhythm.flush_memory_every == 0) flush_memory();
        if (rhythm.reopen_every == 0 || (k + 1) % rhythm.reopen_every != 0) continue;
        close();
        if (!open()) return k + 1;
    }
    return script.flushes.size();
}

std::size_t amount(std::size_t full) {
    std::size_t percent = 100;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    percent = 10;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    percent = 10;
#endif
#endif
    if (const char* asked = std::getenv("YEYAK_TEST_AMOUNT"))
        percent = static_cast<std::size_t>(std::max(1, std::atoi(asked)));
    return std::max<std::size_t>(1, full * percent / 100);
}

}  // namespace yeyak::crash
