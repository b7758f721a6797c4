#include "server/metrics/shared_readings.h"

#include <sys/resource.h>

#include <boost/asio/this_coro.hpp>
#include <stdexcept>

#include "kernel/edge/log.h"
#include "server/slot.h"

namespace yeyak::server {
namespace {

constexpr std::chrono::seconds as_good_as_new{1};

}  // namespace

ReadingsPtr SharedReadings::newest(const std::atomic<bool>& stop) {
    if (last_ && std::chrono::steady_clock::now() - last_at_ < as_good_as_new) return last_;
    last_ = std::make_shared<const Readings>(read_(stop));
    last_at_ = std::chrono::steady_clock::now();
    return last_;
}

boost::asio::awaitable<ReadingsPtr> SharedReadings::get() {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<ReadingsPtr>>(executor);
    reader_.post([this, slot](const std::atomic<bool>& stop) {
        setpriority(PRIO_PROCESS, 0, 5);  // of this thread: whoever is served comes first
        // Nobody catches what leaves this thread.
        try {
            slot->put(newest(stop));
        } catch (const std::exception& error) {
            log::error("figures_unread", {{"detail", error.what()}});
            slot->put(nullptr);
        }
    });
    auto readings = co_await slot->value();
    if (!readings) throw std::runtime_error{"the figures could not be read"};
    co_return readings;
}

}  // namespace yeyak::server
