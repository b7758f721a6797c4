// Measures how fast a rebuild could read: a scan of the event log in order that parses seven fields
// of each 300-byte event and does nothing with them. The folder is filled first when it is empty,
// and opened anew before the scan, so that no block is in RocksDB's cache.
//
//   bench_raw_scan --data DIR --events N
#include <fmt/format.h>
#include <simdjson.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <stdexcept>

#include "bench/arguments.h"
#include "bench/raw_store.h"
#include "bench/sample_events.h"

namespace yeyak::bench {
namespace {

constexpr std::uint64_t fill_batch_events = 1000;

void fill(const std::filesystem::path& folder, std::uint64_t count) {
    const SampleEvents events;
    const RawStore store(folder);
    rocksdb::WriteBatch batch;
    for (std::uint64_t position = 1; position <= count; ++position) {
        const fmt::format_int stream(position);
        store.put_event(batch, position, {stream.data(), stream.size()}, 1, events.at(position));
        if (position % fill_batch_events == 0 || position == count) {
            store.commit_unsynced(batch);
            batch.Clear();
        }
    }
    store.settle();
}

class Reader {
  public:
    // Throws simdjson_error when a field is missing. The sum keeps the work from being optimised
    // away.
    std::uint64_t fields_of(rocksdb::Slice event) {
        if (event.size() + simdjson::SIMDJSON_PADDING > buffer_.size()) {
            throw std::length_error("event larger than the buffer");
        }
        std::memcpy(buffer_.data(), event.data(), event.size());
        auto document = parser_.iterate(buffer_.data(), event.size(), buffer_.size());
        std::uint64_t sum = std::string_view(document["type"]).size();
        simdjson::ondemand::object data = document["data"];
        sum += std::uint64_t(data["reservationId"]);
        sum += std::uint64_t(data["userId"]);
        sum += std::string_view(data["userAddress"]).size();
        sum += std::uint64_t(data["productId"]);
        sum += std::string_view(data["productName"]).size();
        sum += std::uint64_t(data["price"]);
        return sum + std::string_view(data["status"]).size();
    }

  private:
    simdjson::ondemand::parser parser_;
    std::array<char, 4096> buffer_{};
};

std::uint64_t bytes_on_disk(const std::filesystem::path& folder) {
    std::uint64_t bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (file.is_regular_file()) bytes += file.file_size();
    }
    return bytes;
}

void scan(const std::filesystem::path& folder, std::uint64_t expected) {
    const std::uint64_t bytes = bytes_on_disk(folder);
    const RawStore store(folder);
    Reader reader;
    std::uint64_t count = 0;
    std::uint64_t sum = 0;
    const auto start = std::chrono::steady_clock::now();
    const auto events = store.scan();
    for (events->SeekToFirst(); events->Valid(); events->Next()) {
        sum += reader.fields_of(events->value());
        ++count;
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    if (!events->status().ok()) throw std::runtime_error(events->status().ToString());
    if (count != expected) throw std::runtime_error(fmt::format("found {} events", count));
    fmt::print(R"({{"events":{},"seconds":{:.3f},"events_per_second":{:.0f},)"
               R"("bytes_per_event":{:.1f},"sum":{}}})"
               "\n",
               count, elapsed.count(), static_cast<double>(count) / elapsed.count(),
               static_cast<double>(bytes) / static_cast<double>(count), sum);
}

}  // namespace
}  // namespace yeyak::bench

int main(int argc, char** argv) try {
    const yeyak::bench::Arguments arguments(argc, argv);
    const std::filesystem::path folder = arguments.text("data");
    if (!std::filesystem::exists(folder / "CURRENT")) {
        yeyak::bench::fill(folder, arguments.number("events"));
    }
    yeyak::bench::scan(folder, arguments.number("events"));
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "raw_scan: {}\n", error.what());
    return 1;
}
