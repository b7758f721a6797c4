#include "eventstore/tail.h"

#include <algorithm>

#include "kernel/ensure.h"

namespace yeyak::eventstore {
namespace {

std::size_t weight(const RecordedEvent& event) {
    std::size_t bytes =
        event.data.payload.size() + event.stream.size() + event.data.type.size() + 400;
    for (const auto& tag : event.data.tags) bytes += tag.size() + sizeof tag;
    for (const auto& attribute : event.data.attributes)
        bytes += attribute.name.size() + attribute.value.size() + sizeof attribute;
    return bytes;
}

}  // namespace

void Tail::publish(std::vector<EventPtr> events) {
    if (events.empty()) return;
    Position head;
    {
        const std::lock_guard lock{mutex_};
        for (auto& event : events) {
            ensure(event->position == head_ + 1, "positions are published without gaps");
            head_ = event->position;
            bytes_ += weight(*event);
            events_.push_back(std::move(event));
        }
        while (bytes_ > max_bytes_ && events_.size() > 1) {
            bytes_ -= weight(*events_.front());
            events_.pop_front();
        }
        head = head_;
    }
    grown_.notify_all();
    const std::lock_guard lock{bells_mutex_};
    for (const auto& [id, bell] : bells_) bell(head);
}

Position Tail::head() const {
    const std::lock_guard lock{mutex_};
    return head_;
}

std::optional<std::vector<EventPtr>> Tail::read(Position after, std::size_t max) const {
    const std::lock_guard lock{mutex_};
    if (after >= head_) return std::vector<EventPtr>{};
    const Position oldest = head_ - events_.size();
    if (after < oldest) return std::nullopt;
    const auto begin = events_.begin() + static_cast<std::ptrdiff_t>(after - oldest);
    const auto count = std::min<std::size_t>(max, static_cast<std::size_t>(events_.end() - begin));
    return std::vector<EventPtr>(begin, begin + static_cast<std::ptrdiff_t>(count));
}

bool Tail::wait(Position after, std::chrono::milliseconds timeout) const {
    std::unique_lock lock{mutex_};
    grown_.wait_for(lock, timeout, [&] { return closed_ || head_ > after; });
    return head_ > after;
}

std::size_t Tail::add_bell(Bell bell) {
    const std::lock_guard lock{bells_mutex_};
    bells_.emplace(next_bell_, std::move(bell));
    return next_bell_++;
}

void Tail::remove_bell(std::size_t id) {
    const std::lock_guard lock{bells_mutex_};
    bells_.erase(id);
}

void Tail::close() {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    grown_.notify_all();
}

}  // namespace yeyak::eventstore
