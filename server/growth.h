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
    std::vector<std::shared_ptr<Slot<bool>>> waiting_;
    std::mutex mutex_;
    std::atomic<bool> told_ = false;
    std::size_t bell_ = 0;
};

}  // namespace yeyak::server
