#include "audit/proofs/base64.h"

#include <cstring>

namespace yeyak::audit {

std::string base64(const Hash& hash) {
    return base64(std::string_view{reinterpret_cast<const char*>(hash.data()), hash.size()});
}

std::optional<Hash> hash_from_base64(std::string_view text) {
    const auto bytes = from_base64(text);
    Hash hash;
    if (!bytes || bytes->size() != hash.size()) return std::nullopt;
    std::memcpy(hash.data(), bytes->data(), hash.size());
    return hash;
}

}  // namespace yeyak::audit
