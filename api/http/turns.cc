#include "api/http/turns.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "kernel/edge/watch.h"

namespace yeyak::http {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// A posted round. When the loop ends without running it, those who wait are let go with it: they
// own this object, and nothing else would ever take them out of the queue.
class Turns::Round {
  public:
    explicit Round(std::shared_ptr<Turns> turns) : turns_(std::move(turns)) {}
    Round(Round&&) noexcept = default;
    Round& operator=(Round&&) noexcept = default;
    ~Round() {
        if (turns_) turns_->forget();
    }
    void operator()() { std::exchange(turns_, nullptr)->give(); }

  private:
    std::shared_ptr<Turns> turns_;
};

bool Turns::may_go_on() const {
    const std::lock_guard lock{mutex_};
    return queue_.empty() && Clock::now() - LoopWatch::last_wait() < slice_;
}

asio::awaitable<void> Turns::next(const std::string& subject) {
    if (may_go_on()) co_return;
    const auto initiate = [this, &subject](auto handler) {
        const auto executor = asio::get_associated_executor(handler);
        wait(subject, [executor, h = std::move(handler)]() mutable {
            asio::dispatch(executor, std::move(h));
        });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(initiate,
                                                                          asio::use_awaitable);
}

void Turns::wait(const std::string& subject, Resume resume) {
    {
        const std::lock_guard lock{mutex_};
        queue_.push(subject, std::move(resume));
        if (std::exchange(round_posted_, true)) return;
    }
    asio::post(executor_, Round{shared_from_this()});
}

void Turns::give() {
    const auto end = Clock::now() + slice_;
    do {
        Resume resume;
        {
            const std::lock_guard lock{mutex_};
            round_posted_ = !queue_.empty();
            if (!round_posted_) return;
            resume = queue_.pop();
        }
        resume();
    } while (Clock::now() < end);
    asio::post(executor_, Round{shared_from_this()});
}

void Turns::forget() {
    FairQueue<Resume> left;  // let go outside of the lock: sessions end with it
    const std::lock_guard lock{mutex_};
    std::swap(left, queue_);
    round_posted_ = false;
}

std::size_t Turns::waiting() const {
    const std::lock_guard lock{mutex_};
    return queue_.size();
}

}  // namespace yeyak::http
