#include "auth/refresh_policy.h"

namespace yeyak::auth {

bool RefreshPolicy::ask(Instant now) {
    if (last_ && now < *last_ + pause_ms) return false;
    last_ = now;
    return true;
}

}  // namespace yeyak::auth
