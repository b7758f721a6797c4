// A bounded map that forgets what was used longest ago. What it forgets follows from the order of
// use alone, and it cannot be iterated, so that two runs of the same inputs are alike although keys
// are looked up by hash. Not synchronised: one thread owns it.
#pragma once
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "kernel/ensure.h"

namespace yeyak {

template <class Value>
class LruMap {
  public:
    explicit LruMap(std::size_t capacity) : capacity_(capacity) {
        ensure(capacity > 0, "an LRU map holds at least one entry");
    }

    // The value and marks it as used; null when it is not here. Valid until the next put().
    Value* find(std::string_view key) {
        const auto found = index_.find(key);
        if (found == index_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return &found->second->second;
    }

    Value& put(std::string_view key, Value value) {
        if (Value* known = find(key)) return *known = std::move(value);
        if (entries_.size() == capacity_) {
            index_.erase(entries_.back().first);
            entries_.pop_back();
        }
        entries_.emplace_front(std::string{key}, std::move(value));
        index_.emplace(entries_.front().first, entries_.begin());
        return entries_.front().second;
    }

    std::size_t size() const { return entries_.size(); }

  private:
    using Entries = std::list<std::pair<std::string, Value>>;
    std::size_t capacity_;
    Entries entries_;
    // The keys are views into the list's strings, whose nodes never move.
    std::unordered_map<std::string_view, typename Entries::iterator> index_;
};

}  // namespace yeyak
