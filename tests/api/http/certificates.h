// Certificates for tests, made while they run, and the folder that their files lie in.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct x509_st;
struct evp_pkey_st;

namespace yeyak::http::testing {

// Both as PEM.
struct Certificate {
    std::string certificate;
    std::string key;
};

// One that signs the certificates of others, for keys of ECDSA.
class Authority {
  public:
    explicit Authority(std::string_view name);
    // One that is no root itself.
    Authority(std::string_view name, const Authority& signed_by);

    // `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1"; empty for none. It is good from
    // an hour ago until `ends` from now.
    Certificate issue(std::string_view subject, const std::string& names,
                      std::chrono::seconds ends = std::chrono::hours{24}) const;
    std::string certificate() const;  // its own

  private:
    void be_signed_by(const Authority& other);

    std::shared_ptr<evp_pkey_st> key_;
    std::shared_ptr<x509_st> certificate_;
};

// The same key, so that nobody reads it without the passphrase.
std::string with_passphrase(const std::string& key, const char* passphrase);

class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path path(std::string_view name) const { return path_ / name; }
    std::filesystem::path write(std::string_view name, std::string_view text) const;

  private:
    std::filesystem::path path_;
};

}  // namespace yeyak::http::testing
