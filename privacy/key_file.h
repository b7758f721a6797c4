// A secret key of 32 bytes in a file of its own, with access for its owner alone: the key of tokens
// (vault.h) and the master key (master_key.h). Errors are texts that name the key, the file and
// what to do.
#pragma once
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "privacy/aes.h"

namespace yeyak::privacy {

// What is done about a key that is not there. Made: only where nothing was written with one yet.
enum class IfMissing { make, refuse };

// Nothing when the file is not there. `what` names the key in messages: "master key".
std::expected<std::optional<KeyBytes>, std::string> read_key_file(const std::filesystem::path& file,
                                                                  std::string_view what);

// Makes the file with random bytes, durably; refused when it is there.
std::expected<KeyBytes, std::string> make_key_file(const std::filesystem::path& file,
                                                   std::string_view what);

// Tells which key it is and nothing about it: 8 bytes. `what` keeps the ids of keys for different
// uses apart.
std::string key_id(const KeyBytes& key, std::string_view what);

}  // namespace yeyak::privacy
