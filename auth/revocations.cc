#include "auth/revocations.h"

#include <algorithm>
#include <mutex>

namespace yeyak::auth {

void Revocations::revoke(std::string_view subject, Instant issued_until) {
    const std::unique_lock lock{mutex_};
    const auto found = issued_until_.find(subject);
    if (found == issued_until_.end())
        issued_until_.emplace(subject, issued_until);
    else
        found->second = std::max(found->second, issued_until);
}

bool Revocations::revoked(const Claims& claims) const {
    const std::shared_lock lock{mutex_};
    const auto found = issued_until_.find(claims.subject);
    return found != issued_until_.end() && claims.issued <= found->second + leeway_ms_;
}

std::size_t Revocations::subjects() const {
    const std::shared_lock lock{mutex_};
    return issued_until_.size();
}

}  // namespace yeyak::auth
