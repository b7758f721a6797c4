#include "server/growth.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace yeyak::server {
namespace {

class Watch final : public News {
  public:
    explicit Watch(std::shared_ptr<Slot<bool>> slot) : slot_(std::move(slot)) {}

    boost::asio::awaitable<bool> wait(std::chrono::milliseconds timeout) override {
        const auto told = co_await slot_->wait(timeout);
        co_return told.has_value();
    }
    void end() override { slot_->put(false); }

  private:
    std::shared_ptr<Slot<bool>> slot_;
};

}  // namespace

Growth::Growth(boost::asio::io_context& io, eventstore::Tail& tail) : tail_(tail) {
    bell_ = tail_.add_bell([this, &io](eventstore::Position) {
        if (told_.exchange(true)) return;
        boost::asio::post(io, [this] { tell(); });
    });
}

Growth::~Growth() { tail_.remove_bell(bell_); }

void Growth::tell() {
    told_ = false;
    std::vector<std::shared_ptr<Slot<bool>>> waiting;
    {
        const std::lock_guard lock{mutex_};
        waiting.swap(waiting_);
    }
    for (const auto& slot : waiting) slot->put(true);
}

NewsPtr Growth::watch(const boost::asio::any_io_executor& executor) {
    const auto slot = std::make_shared<Slot<bool>>(executor);
    const std::lock_guard lock{mutex_};
    if (waiting_.size() >= crowd_) {
        std::erase_if(waiting_, [](const auto& other) { return other.use_count() == 1; });
        crowd_ = 2 * waiting_.size() + small_crowd;
    }
    waiting_.push_back(slot);
    return std::make_shared<Watch>(slot);
}

}  // namespace yeyak::server
