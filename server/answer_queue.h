// Carries answers from the sequencer's thread to the I/O threads: collected while a batch is run,
// handed over in one post, because waking another thread costs more than an answer.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <utility>
#include <vector>

namespace yeyak::server {

class AnswerQueue {
  public:
    using Callback = std::move_only_function<void()>;

    explicit AnswerQueue(boost::asio::io_context& io) : io_(io) {}

    // Both on the sequencer's thread.
    void add(Callback callback) { waiting_.push_back(std::move(callback)); }
    void hand_over() {
        if (waiting_.empty()) return;
        auto run = [callbacks = std::exchange(waiting_, {})]() mutable {
            for (auto& callback : callbacks) callback();
        };
        boost::asio::post(io_, std::move(run));
    }

  private:
    boost::asio::io_context& io_;
    std::vector<Callback> waiting_;
};

}  // namespace yeyak::server
