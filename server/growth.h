// Tells those who wait that the log has grown: on the I/O context, all of them in one post.
#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <mutex>
#include <vector>

#include "eventstore/tail.h"
#include "server/news.h"
#include "server/slot.h"

namespace yeyak::server {

class Growth {
  public:
    // Both outlive it.
    Growth(boost::asio::io_context& io, eventstore::Tail& tail);
    ~Growth();
    Growth(const Growth&) = delete;
    Growth& operator=(const Growth&) = delete;

    NewsPtr watch(const boost::asio::any_io_executor& executor);

  private:
    void tell();

    eventstore::Tail& tail_;
    // Those who have left meanwhile are looked for when they may be half of all: who comes does not
    // pay for the number of the others.
    static constexpr std::size_t small_crowd = 64;
    std::vector<std::shared_ptr<Slot<bool>>> waiting_;
    std::size_t crowd_ = small_crowd;
    std::mutex mutex_;
    std::atomic<bool> told_ = false;
    std::size_t bell_ = 0;
};

}  // namespace yeyak::server
