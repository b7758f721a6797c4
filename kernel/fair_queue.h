// A queue that nobody can fill up for the others: items of one subject come out in the order in
// which they were put, and subjects take turns. One thread at a time.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace yeyak {

template <class T>
class FairQueue {
  public:
    void push(const std::string& subject, T item) {
        const auto line = lines_.try_emplace(subject).first;
        if (line->second.empty()) order_.push_back(line);
        line->second.push_back(std::move(item));
        ++size_;
    }

    // Only when it is not empty.
    T pop() {
        const auto line = order_.front();
        order_.pop_front();
        T item = std::move(line->second.front());
        line->second.pop_front();
        --size_;
        if (line->second.empty())
            lines_.erase(line);
        else
            order_.push_back(line);
        return item;
    }

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    std::size_t size_of(const std::string& subject) const {
        const auto line = lines_.find(subject);
        return line == lines_.end() ? 0 : line->second.size();
    }

  private:
    using Lines = std::map<std::string, std::deque<T>, std::less<>>;
    Lines lines_;
    std::deque<typename Lines::iterator> order_;  // of those who have something, the next first
    std::size_t size_ = 0;
};

}  // namespace yeyak
