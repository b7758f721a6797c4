// Hashes as base64 (eventstore/base64.h).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "audit/proofs/merkle.h"
#include "eventstore/base64.h"

namespace yeyak::audit {

using eventstore::base64;
using eventstore::from_base64;

std::string base64(const Hash& hash);
// Nothing when it is not the text of exactly one hash.
std::optional<Hash> hash_from_base64(std::string_view text);

}  // namespace yeyak::audit
