// Where the keys come from that tokens are verified with. One thread: that of the keeper.
#pragma once
#include <chrono>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "auth/key_set.h"

namespace yeyak::server {

class KeySource {
  public:
    virtual ~KeySource() = default;
    // Nothing when they have not changed since the last time. The error is a sentence.
    virtual std::expected<std::optional<auth::KeySet>, std::string> fetch() = 0;
    // How long the keys are let be, when nobody asks for newer ones.
    virtual std::chrono::milliseconds pause() const = 0;
};

// A file with a JWK set: read when it changed.
std::unique_ptr<KeySource> keys_in_file(std::filesystem::path file);
// The issuer's, by OpenID Connect discovery. `pause`: between two times.
std::unique_ptr<KeySource> keys_of_issuer(std::string issuer,
                                          std::chrono::milliseconds pause = std::chrono::minutes{
                                              10});

}  // namespace yeyak::server
