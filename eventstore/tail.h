// The newest events of the log in bounded memory, and the bell for those who wait for more. It is
// what keeps live followers from reading the disk: a follower that falls behind the tail reads the
// disk until it has caught up, so it neither slows the writer nor grows memory.
//
// publish() is the writer's; everything else may be called from any thread.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "eventstore/event.h"

namespace yeyak::eventstore {

class Tail {
  public:
    explicit Tail(Position head = 0, std::size_t max_bytes = 16 << 20)
        : max_bytes_(max_bytes), head_(head) {}

    // Events in order, the first at head() + 1. They must be durable.
    void publish(std::vector<EventPtr> events);

    Position head() const;

    // The events after `after`, at most `max`; nothing when they have already left memory.
    std::optional<std::vector<EventPtr>> read(Position after, std::size_t max) const;

    // True as soon as head() > after; false when the time is over or the tail is closed.
    bool wait(Position after, std::chrono::milliseconds timeout) const;

    // The bell rings after every publish, on the writer's thread: it must only hand over, and
    // neither add nor remove a bell. After remove_bell() it neither rings nor is ringing.
    using Bell = std::function<void(Position head)>;
    std::size_t add_bell(Bell bell);
    void remove_bell(std::size_t id);

    // Ends every wait, now and later.
    void close();

  private:
    std::size_t max_bytes_;
    mutable std::mutex mutex_;
    mutable std::condition_variable grown_;
    std::deque<EventPtr> events_;  // positions head_ - size + 1 … head_
    std::size_t bytes_ = 0;
    Position head_;
    bool closed_ = false;
    std::mutex bells_mutex_;  // held while bells ring; never taken inside mutex_
    std::map<std::size_t, Bell> bells_;
    std::size_t next_bell_ = 1;
};

}  // namespace yeyak::eventstore
