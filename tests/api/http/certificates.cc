#include "tests/api/http/certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <atomic>
#include <fstream>

namespace yeyak::http::testing {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Signed = std::shared_ptr<X509>;

Key make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

std::string text_of(BIO* bio) {
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(bio, &bytes);
    std::string text{bytes, static_cast<std::size_t>(size)};
    BIO_free(bio);
    return text;
}

std::string pem_of(X509* certificate) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    return text_of(bio);
}

std::string pem_of(EVP_PKEY* key) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(bio);
}

void add_extension(X509* to, int kind, const std::string& value) {
    X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(to, made, -1);
    X509_EXTENSION_free(made);
}

void set_name(X509_NAME* name, std::string_view text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(text.data()),
                               static_cast<int>(text.size()), -1, 0);
}

Signed begin(std::string_view subject, EVP_PKEY* key, std::chrono::seconds ends) {
    static std::atomic<long> serial = 1;
    Signed made{X509_new(), X509_free};
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), static_cast<long>(ends.count()));
    set_name(X509_get_subject_name(made.get()), subject);
    X509_set_pubkey(made.get(), key);
    return made;
}

}  // namespace

Authority::Authority(std::string_view name)
    : key_(make_key()), certificate_(begin(name, key_.get(), std::chrono::hours{48})) {
    be_signed_by(*this);
}

Authority::Authority(std::string_view name, const Authority& signed_by)
    : key_(make_key()), certificate_(begin(name, key_.get(), std::chrono::hours{48})) {
    be_signed_by(signed_by);
}

void Authority::be_signed_by(const Authority& other) {
    auto* own = certificate_.get();
    X509_set_issuer_name(own, X509_get_subject_name(other.certificate_.get()));
    add_extension(own, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own, NID_key_usage, "critical,keyCertSign");
    X509_sign(own, other.key_.get(), EVP_sha256());
}

Certificate Authority::issue(std::string_view subject, const std::string& names,
                             std::chrono::seconds ends) const {
    const Key key = make_key();
    const Signed made = begin(subject, key.get(), ends);
    X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
    if (!names.empty()) add_extension(made.get(), NID_subject_alt_name, names);
    X509_sign(made.get(), key_.get(), EVP_sha256());
    return {pem_of(made.get()), pem_of(key.get())};
}

std::string Authority::certificate() const { return pem_of(certificate_.get()); }

std::string with_passphrase(const std::string& key, const char* passphrase) {
    BIO* from = BIO_new_mem_buf(key.data(), static_cast<int>(key.size()));
    EVP_PKEY* read = PEM_read_bio_PrivateKey(from, nullptr, nullptr, nullptr);
    BIO_free(from);
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, read, EVP_aes_256_cbc(), nullptr, 0, nullptr,
                                  const_cast<char*>(passphrase));
    EVP_PKEY_free(read);
    return text_of(bio);
}

Folder::Folder() {
    std::string made = (std::filesystem::temp_directory_path() / "yeyak-tls-XXXXXX").string();
    path_ = mkdtemp(made.data());
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

std::filesystem::path Folder::write(std::string_view name, std::string_view text) const {
    std::ofstream{path(name), std::ios::binary} << text;
    return path(name);
}

}  // namespace yeyak::http::testing
