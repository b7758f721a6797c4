// The head of a token (RFC 7515, section 4): read before the signature, because it says which key
// to try. So it is believed in nothing else: it picks a key of the set, and must agree with it.
#pragma once
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "auth/fault.h"

namespace yeyak::auth {

struct Head {
    std::string algorithm;           // "alg"
    std::optional<std::string> key;  // "kid"
};

// `json` is the decoded first part. What says where a key is to be found ("jku", "jwk", "x5u",
// "x5c") is not looked at; what would change the meaning of the token is refused.
std::expected<Head, Fault> read_head(std::string_view json);

}  // namespace yeyak::auth
