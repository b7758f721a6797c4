// The claims of a token whose signature holds, judged for a time and against what is expected.
#pragma once
#include <expected>
#include <string_view>

#include "auth/claims.h"
#include "auth/fault.h"

namespace yeyak::auth {

struct Expected;

// `json` is the decoded second part. Of several faults the first in this order is told: form,
// issuer, audience, time, subject.
std::expected<Claims, Fault> read_claims(std::string_view json, const Expected& expected,
                                         Instant now);

// Asked again whenever a remembered token comes.
bool is_expired(const Claims& claims, Instant now);

}  // namespace yeyak::auth
