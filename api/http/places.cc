#include "api/http/places.h"

#include <algorithm>

namespace yeyak::http {

std::size_t Places::taken(const std::string* address) const {
    return static_cast<std::size_t>(std::ranges::count_if(all_->entries, [&](const Entry& each) {
        return !each.taken_away && (address == nullptr || each.address == *address);
    }));
}

bool Places::take_away(const std::string* address) {
    Entry* stillest = nullptr;
    std::chrono::steady_clock::duration longest = patience_;
    for (Entry& each : all_->entries) {
        if (each.taken_away || each.writer == nullptr) continue;
        if (address != nullptr && each.address != *address) continue;
        const auto still = each.writer->standing_still();
        if (still < longest) continue;
        longest = still;
        stillest = &each;
    }
    if (stillest == nullptr) return false;
    stillest->taken_away = true;
    ++taken_away_;
    stillest->writer->cut();
    return true;
}

std::shared_ptr<Places::Place> Places::take(const std::string& address) {
    const std::size_t of_one = std::max<std::size_t>(1, most_ / 2);
    const bool own_full = taken(&address) >= of_one;
    const bool full = taken(nullptr) >= most_;
    if ((own_full && !take_away(&address)) || (!own_full && full && !take_away(nullptr))) {
        ++refused_;
        return nullptr;
    }
    const auto at = all_->entries.insert(all_->entries.end(), Entry{.address = address});
    return std::make_shared<Place>(all_, at);
}

}  // namespace yeyak::http
