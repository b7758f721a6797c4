// Measures what proving costs: appends with and without the thread that keeps the Merkle tree,
// receipts made in the process, and a verified log beside plain SHA-256 of the same bytes.
//
//   bench_audit_log --data DIR --seconds S          S for each of the measurements
//
// Prints one JSON object.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <random>
#include <vector>

#include "audit/proofs/receipt.h"
#include "audit/proofs/recovery.h"
#include "bench/arguments.h"
#include "bench/sample_events.h"
#include "eventstore/read_ahead.h"
#include "eventstore/record.h"
#include "eventstore/rocks_store.h"
#include "replay-tools/reading/raw_log.h"
#include "server/ledger.h"

namespace yeyak::bench {
namespace {

using Clock = std::chrono::steady_clock;

// As many as wait for one flush with 100 clients.
constexpr int commits_per_flush = 64;
constexpr int rounds = 8;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

template <class T, class E>
T must(std::expected<T, E> result) {
    if (result) {
        if constexpr (std::is_void_v<T>)
            return;
        else
            return *std::move(result);
    }
    if constexpr (std::is_same_v<E, std::string>)
        throw std::runtime_error(result.error());
    else
        throw std::runtime_error(result.error().detail);
}

std::unique_ptr<eventstore::RocksStore> open(const std::filesystem::path& data) {
    eventstore::RocksOptions options;
    options.data_dir = data;
    return must(eventstore::RocksStore::open(options));
}

std::unique_ptr<server::Ledger> follow(const eventstore::EventStore& store,
                                       const std::filesystem::path& data) {
    auto key = must(audit::open_key(audit::key_file_in(data), "bench", data));
    return must(server::Ledger::start(store, data, std::move(key)));
}

// Events a second, each flush synced.
double append(eventstore::RocksStore& store, double seconds) {
    const SampleEvents samples;
    const auto before = store.head();
    std::uint64_t number = 0;
    const auto begin = Clock::now();
    while (seconds_since(begin) < seconds) {
        for (int i = 0; i < commits_per_flush; ++i) {
            eventstore::NewEvent event;
            event.type = "bench.appended";
            event.payload = samples.at(++number);
            eventstore::Commit commit;
            commit.time.ms = 1'700'000'000'000 + static_cast<std::int64_t>(number);
            commit.appends.push_back({fmt::format("bench-{}", number), {}, {std::move(event)}});
            if (!store.stage(std::move(commit))) throw std::runtime_error("an append was refused");
        }
        must(store.flush());
    }
    return static_cast<double>(store.head() - before) / seconds_since(begin);
}

struct Appends {
    double with = 0;
    double without = 0;
};

// One after the other, every second round in the other order; of the same round, so that a machine
// that is slower for a while is slower for both.
std::vector<Appends> measure_appends(const std::filesystem::path& folder, double seconds) {
    std::vector<Appends> taken;
    for (int round = 0; round < rounds; ++round) {
        Appends both;
        for (int turn = 0; turn < 2; ++turn) {
            const bool follows = (round + turn) % 2 == 0;
            const auto data = folder / fmt::format("{}-{}", follows ? "with" : "without", round);
            const auto store = open(data);
            const auto ledger = follows ? follow(*store, data) : nullptr;
            (follows ? both.with : both.without) = append(*store, seconds);
        }
        taken.push_back(both);
    }
    return taken;
}

eventstore::EventPtr event_at(const eventstore::EventStore& store, eventstore::Position position) {
    eventstore::AllQuery query;
    query.after = position - 1;
    query.max_events = 1;
    return must(store.read_all(query)).events.at(0);
}

double measure_receipts(const std::filesystem::path& data, double seconds) {
    const auto store = open(data);
    const auto ledger = follow(*store, data);
    const auto checkpoint = ledger->published();
    if (!checkpoint) throw std::runtime_error("there is no checkpoint");
    std::mt19937_64 random{1};
    std::uint64_t made = 0;
    const auto begin = Clock::now();
    for (; seconds_since(begin) < seconds; ++made) {
        const auto event = event_at(*store, 1 + random() % checkpoint->checkpoint.head.size);
        must(audit::make_receipt(*event, *checkpoint, ledger->files().nodes()));
    }
    return static_cast<double>(made) / seconds_since(begin);
}

struct Speed {
    double verified_mb_s = 0;
    double sha256_mb_s = 0;
};

// The same entries twice: from the disk through the reader of `audit verify`, which decodes, checks
// checksum and leaf hash, and into the tree; and from memory through SHA-256 alone.
Speed measure_verify(const std::filesystem::path& data) {
    const auto log = must(tools::RawLog::open(data));
    std::vector<std::string> entries;
    std::uint64_t bytes = 0;
    const auto collect = log->pages(false);
    while (const auto page = collect())
        for (const auto& record : page->records) {
            entries.push_back(eventstore::encode_entry(*record.event));
            bytes += entries.back().size();
        }
    const auto plain = Clock::now();
    std::uint8_t seen = 0;
    for (const auto& entry : entries) seen ^= eventstore::leaf_of_entry(entry)[0];
    const auto plain_s = seconds_since(plain);
    const auto checked = Clock::now();
    eventstore::ReadAhead<tools::LogPage> pages{log->pages(true), 3};
    audit::Range range;
    while (const auto page = pages.next())
        for (const auto& record : page->records) {
            if (!record.leaf_matches) throw std::runtime_error("a record is damaged");
            range.append(record.event->leaf);
        }
    const auto checked_s = seconds_since(checked);
    const auto mb = static_cast<double>(bytes) / 1e6;
    if (range.size() != entries.size() || (seen != 0 && range.root() == audit::Hash{}))
        throw std::runtime_error("not every event was read");
    return {mb / checked_s, mb / plain_s};
}

void run(const Arguments& arguments) {
    const std::filesystem::path folder = arguments.text("data");
    const auto seconds = arguments.seconds("seconds");
    std::filesystem::create_directories(folder);
    const auto appends = measure_appends(folder, seconds);
    std::string list;
    for (const auto& both : appends)
        list +=
            fmt::format(R"({}{{"with":{:.0f},"without":{:.0f},"ratio":{:.3f}}})",
                        list.empty() ? "" : ",", both.with, both.without, both.with / both.without);
    const auto receipts = measure_receipts(folder / "with-0", seconds);
    const auto speed = measure_verify(folder / "with-0");
    fmt::print(R"({{"appends":[{}],"receipts_per_second":{:.0f},"verified_mb_s":{:.0f},)"
               R"("sha256_mb_s":{:.0f},"verify_ratio":{:.3f}}})"
               "\n",
               list, receipts, speed.verified_mb_s, speed.sha256_mb_s,
               speed.verified_mb_s / speed.sha256_mb_s);
}

}  // namespace
}  // namespace yeyak::bench

int main(int argc, char** argv) {
    try {
        yeyak::bench::run({argc, argv});
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_audit_log: {}\n", error.what());
        return 1;
    }
    return 0;
}
