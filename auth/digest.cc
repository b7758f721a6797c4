#include "auth/digest.h"

#include <openssl/evp.h>

#include "kernel/ensure.h"

namespace yeyak::auth {

std::string sha256(std::string_view bytes) {
    std::string digest(32, '\0');
    const bool done =
        EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                   nullptr, EVP_sha256(), nullptr) == 1;
    ensure(done, "SHA-256 does not fail");
    return digest;
}

}  // namespace yeyak::auth
