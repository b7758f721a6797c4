// Readings that several monitors share: two that ask in the same second, or while it is read, are
// told the same. What takes long is read on a thread of its own, which comes after those that
// serve anybody.
//
// Threads: get() is a coroutine of any executor.
#pragma once
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "server/metrics/readings.h"
#include "server/reader_thread.h"

namespace yeyak::server {

using ReadingsPtr = std::shared_ptr<const Readings>;

class SharedReadings {
  public:
    using Read = std::function<Readings(const std::atomic<bool>& stop)>;
    explicit SharedReadings(Read read) : read_(std::move(read)) {}

    // Throws std::runtime_error when they could not be read at all, which the log tells.
    boost::asio::awaitable<ReadingsPtr> get();

  private:
    ReadingsPtr newest(const std::atomic<bool>& stop);

    const Read read_;
    // Of the reader's thread.
    ReadingsPtr last_;
    std::chrono::steady_clock::time_point last_at_;
    ReaderThread reader_;
};

}  // namespace yeyak::server
