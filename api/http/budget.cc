#include "api/http/budget.h"

#include <algorithm>
#include <utility>

namespace yeyak::http {

Budget::Share::Share(Share&& other) noexcept
    : budget_(std::move(other.budget_)),
      subject_(std::move(other.subject_)),
      bytes_(std::exchange(other.bytes_, 0)) {}

Budget::Share& Budget::Share::operator=(Share&& other) noexcept {
    if (this == &other) return *this;
    release();
    budget_ = std::move(other.budget_);
    subject_ = std::move(other.subject_);
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
}

void Budget::Share::release() {
    if (bytes_ > 0) budget_->shrink(subject_, std::exchange(bytes_, 0));
}

bool Budget::Share::resize(std::size_t bytes) {
    if (bytes > bytes_ && !budget_->grow(subject_, bytes - bytes_, false)) return false;
    if (bytes < bytes_) budget_->shrink(subject_, bytes_ - bytes);
    bytes_ = bytes;
    return true;
}

void Budget::Share::set(std::size_t bytes) {
    if (bytes > bytes_) budget_->grow(subject_, bytes - bytes_, true);
    if (bytes < bytes_) budget_->shrink(subject_, bytes_ - bytes);
    bytes_ = bytes;
}

bool Budget::grow(const std::string& subject, std::size_t by, bool always) {
    const std::lock_guard lock{mutex_};
    const auto known = by_subject_.find(subject);
    const std::size_t own = known == by_subject_.end() ? 0 : known->second;
    const std::size_t free = limit_ - std::min(limit_, used_);
    if (!always && (by > free || own + by > free - by)) {
        ++refused_;
        return false;
    }
    by_subject_[subject] = own + by;
    used_ += by;
    peak_ = std::max(peak_, used_);
    return true;
}

void Budget::shrink(const std::string& subject, std::size_t by) {
    const std::lock_guard lock{mutex_};
    const auto known = by_subject_.find(subject);
    known->second -= by;
    if (known->second == 0) by_subject_.erase(known);
    used_ -= by;
}

Budget::Report Budget::report() const {
    const std::lock_guard lock{mutex_};
    return {limit_, used_, peak_, refused_};
}

}  // namespace yeyak::http
