#include "eventstore/base64.h"

#include <openssl/evp.h>

namespace yeyak::eventstore {

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
    const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                      reinterpret_cast<const unsigned char*>(text.data()),
                                      static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(size));
    if (text.ends_with('=')) bytes.pop_back();  // the padding was decoded as zero bytes
    if (text.ends_with("==")) bytes.pop_back();
    if (base64(bytes) != text) return std::nullopt;  // OpenSSL is more lenient than the RFC
    return bytes;
}

}  // namespace yeyak::eventstore
