// Measures what the disk and RocksDB can do with nothing in front: one thread writes batches of
// 1 to 256 events of 300 bytes, each with one 24-byte index key, and syncs every batch.
//
//   bench_raw_batches --data DIR --seconds S        S per batch size
//
// Prints one JSON object per batch size.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <vector>

#include "bench/arguments.h"
#include "bench/raw_store.h"
#include "bench/sample_events.h"

namespace yeyak::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

void measure(const std::filesystem::path& folder, std::uint64_t batch_events, double seconds) {
    const SampleEvents events;
    const RawStore store(folder);
    std::vector<double> latencies_us;
    std::uint64_t position = 0;
    rocksdb::WriteBatch batch;
    const auto start = Clock::now();
    const auto end = start + std::chrono::duration<double>(seconds);
    auto now = start;
    while (now < end) {
        batch.Clear();
        for (std::uint64_t i = 0; i < batch_events; ++i) {
            ++position;
            const fmt::format_int stream(position);  // a stream of its own for every event
            store.put_event(batch, position, {stream.data(), stream.size()}, 1,
                            events.at(position));
        }
        store.commit_synced(batch);
        const auto committed = Clock::now();
        latencies_us.push_back(Microseconds(committed - now).count());
        now = committed;
    }
    std::ranges::sort(latencies_us);
    const auto percentile = [&](std::size_t percent) {
        return latencies_us[(latencies_us.size() - 1) * percent / 100];
    };
    const double elapsed_s = std::chrono::duration<double>(now - start).count();
    fmt::print(R"({{"batch":{},"events_per_second":{:.0f},"p50_us":{:.0f},"p99_us":{:.0f}}})"
               "\n",
               batch_events, static_cast<double>(position) / elapsed_s, percentile(50),
               percentile(99));
}

}  // namespace
}  // namespace yeyak::bench

int main(int argc, char** argv) try {
    const yeyak::bench::Arguments arguments(argc, argv);
    for (const std::uint64_t batch_events : {1, 8, 32, 64, 100, 256}) {
        const auto folder =
            std::filesystem::path(arguments.text("data")) / std::to_string(batch_events);
        yeyak::bench::measure(folder, batch_events, arguments.seconds("seconds"));
        std::filesystem::remove_all(folder);
    }
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "raw_batches: {}\n", error.what());
    return 1;
}
