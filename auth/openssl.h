// What the sources here share of OpenSSL: who owns what. For auth/*.cc alone.
#pragma once
#include <openssl/bn.h>
#include <openssl/evp.h>

#include <memory>
#include <string_view>

namespace yeyak::auth {

struct FreeOpenssl {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};

template <class T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

inline const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace yeyak::auth
