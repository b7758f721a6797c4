// Reads pages on a thread of its own while the caller works on the ones before. Bounded: at most
// `depth` pages wait. An exception of the reading side comes out of next().
#pragma once
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace yeyak::eventstore {

template <class Page>
class ReadAhead {
  public:
    // `produce` answers nothing at the end; it is not called again.
    ReadAhead(std::function<std::optional<Page>()> produce, std::size_t depth)
        : produce_(std::move(produce)), depth_(depth), thread_([this] { run(); }) {}

    ~ReadAhead() {
        {
            const std::lock_guard lock{mutex_};
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    std::optional<Page> next() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return !pages_.empty() || ended_; });
        if (pages_.empty()) {
            if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
            return std::nullopt;
        }
        std::optional<Page> page{std::move(pages_.front())};
        pages_.pop_front();
        lock.unlock();
        changed_.notify_all();
        return page;
    }

  private:
    void run() {
        try {
            while (auto page = produce_())
                if (!offer(*std::move(page))) break;
        } catch (...) {
            const std::lock_guard lock{mutex_};
            failure_ = std::current_exception();
        }
        {
            const std::lock_guard lock{mutex_};
            ended_ = true;
        }
        changed_.notify_all();
    }

    bool offer(Page page) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return pages_.size() < depth_ || stopping_; });
        if (stopping_) return false;
        pages_.push_back(std::move(page));
        lock.unlock();
        changed_.notify_all();
        return true;
    }

    std::function<std::optional<Page>()> produce_;
    std::size_t depth_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Page> pages_;
    std::exception_ptr failure_;
    bool ended_ = false;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses the others
};

}  // namespace yeyak::eventstore
