// Comes once, when the log has grown.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>

namespace yeyak::server {

class News {
  public:
    virtual ~News() = default;
    // False when the time is over.
    virtual boost::asio::awaitable<bool> wait(std::chrono::milliseconds timeout) = 0;
    // Ends the wait. Any thread.
    virtual void end() = 0;
};
using NewsPtr = std::shared_ptr<News>;

}  // namespace yeyak::server
