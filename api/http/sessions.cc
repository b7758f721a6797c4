#include "api/http/sessions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace yeyak::http {

void Sessions::add(const std::shared_ptr<Session>& session, const std::string& address) {
    const std::lock_guard lock{mutex_};
    open_.emplace(session.get(), session);
    count_ = open_.size();
    if (!address.empty()) ++by_address_[address];
}

void Sessions::forget_one(const std::string& address) {
    const auto known = by_address_.find(address);
    if (known != by_address_.end() && --known->second == 0) by_address_.erase(known);
}

bool Sessions::move(const std::string& from, const std::string& to, std::size_t most) {
    const std::lock_guard lock{mutex_};
    const auto known = by_address_.find(to);
    if (known != by_address_.end() && known->second >= most) return false;
    ++by_address_[to];
    forget_one(from);
    return true;
}

std::size_t Sessions::count_of(const std::string& address) const {
    const std::lock_guard lock{mutex_};
    const auto known = by_address_.find(address);
    return known == by_address_.end() ? 0 : known->second;
}

void Sessions::remove(const Session* session, const std::string& address) {
    std::function<void()> callback;
    {
        const std::lock_guard lock{mutex_};
        const bool counted = open_.erase(session) > 0;
        count_ = open_.size();
        if (counted) forget_one(address);
        if (open_.empty()) callback = std::exchange(when_empty_, nullptr);
    }
    if (callback) callback();
}

std::vector<std::shared_ptr<Session>> Sessions::all() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::shared_ptr<Session>> sessions;
    sessions.reserve(open_.size());
    for (const auto& [key, weak] : open_)
        if (auto session = weak.lock()) sessions.push_back(std::move(session));
    return sessions;
}

void Sessions::when_empty(std::function<void()> callback) {
    {
        const std::lock_guard lock{mutex_};
        if (!open_.empty()) {
            when_empty_ = std::move(callback);
            return;
        }
    }
    callback();
}

std::string Sessions::make_correlation_id() {
    if (options.make_correlation_id) return options.make_correlation_id();
    return fmt::format("r{}", next_correlation_id_++);
}

bool is_correlation_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '.' || c == '_' || c == '-';
    });
}

}  // namespace yeyak::http
