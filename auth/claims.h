// What a verified token says about who sent a request. A value; made by Verifier alone, so that
// nothing in it was read before the signature held.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernel/time.h"

namespace yeyak::auth {

struct Claims {
    std::string subject;             // "sub": one that can act (auth/subject.h)
    std::vector<std::string> roles;  // "roles", as they stand; empty when the claim is not there
    // The number that his orders carry: the claim "customer", else N of a subject "user:N". What is
    // his goes by the subject, not by this.
    std::optional<std::int64_t> customer;
    std::vector<std::string> may_read;   // "streams_read": prefixes of streams' names
    std::vector<std::string> may_write;  // "streams_write"
    // "iat"; 1970 when the token does not say it, so that any revocation of the subject meets it.
    Instant issued;
    Instant expires;  // "exp"
    friend bool operator==(const Claims&, const Claims&) = default;
};

}  // namespace yeyak::auth
