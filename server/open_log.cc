#include "server/open_log.h"

#include <fmt/format.h>

#include <filesystem>

#include "eventstore/rocks_store.h"
#include "kernel/edge/log.h"
#include "server/config/config.h"

namespace yeyak::server {

using eventstore::StoreError;
using eventstore::StoreResult;

namespace {

// Even a start writes; without this much it would fail half-way.
constexpr std::uintmax_t least_free_bytes = 64 << 20;

StoreResult<void> check_space(const std::filesystem::path& data) {
    std::error_code error;
    std::filesystem::create_directories(data, error);
    const auto space = std::filesystem::space(data, error);
    if (error)
        return std::unexpected(
            StoreError{StoreError::Kind::refused_open,
                       fmt::format("cannot use {}: {}", data.string(), error.message())});
    if (space.available >= least_free_bytes) return {};
    return std::unexpected(
        StoreError{StoreError::Kind::refused_open,
                   fmt::format("{} MiB are free where {} is, a start needs {} MiB; make room first",
                               space.available >> 20, data.string(), least_free_bytes >> 20)});
}

}  // namespace

StoreResult<OpenLog> open_log(const ServeConfig& config, int files) {
    if (auto space = check_space(config.data); !space) return std::unexpected(space.error());
    eventstore::RocksOptions options;
    options.data_dir = config.data;
    options.headroom_bytes = static_cast<std::uint64_t>(config.disk_headroom_bytes);
    options.max_open_files = files;
    auto opened = eventstore::RocksStore::open(options);
    if (!opened) return std::unexpected(std::move(opened).error());
    auto store = *std::move(opened);
    if (store->mended_runs() > 0) log::warning("times_mended", {{"runs", store->mended_runs()}});
    OpenLog log;
    log.database = store->handles().db;
    log.flush_memory = [raw = store.get()] { return raw->flush_memory(); };
    log.store = std::move(store);
    return log;
}

}  // namespace yeyak::server
