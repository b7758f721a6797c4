// One thread for long readings of the log, which would hold up all connections otherwise; one after
// the other. Whoever reads looks at the flag that is handed in: when it is set, the program stops
// and the reading should end.
#pragma once
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>

namespace yeyak::server {

class ReaderThread {
  public:
    // Ends the reading that runs; those that wait are not begun.
    ~ReaderThread() {
        stopping_ = true;
        thread_.stop();
        thread_.join();
    }

    void post(std::function<void(const std::atomic<bool>& stop)> reading) {
        boost::asio::post(thread_, [this, read = std::move(reading)] { read(stopping_); });
    }

  private:
    std::atomic<bool> stopping_ = false;
    boost::asio::thread_pool thread_{1};
};

}  // namespace yeyak::server
