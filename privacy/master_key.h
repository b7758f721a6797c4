// The key that wraps the keys of persons. It comes from the environment
// (YEYAK_PRIVACY_MASTER_KEY, 64 hexadecimal digits) or from a file of 32 bytes, which is made at
// the first start with access for the owner alone. Whoever has the data folder and not this key
// can read no personal field.
//
// Values and functions without state. Errors are texts that say what to do.
#pragma once
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "privacy/aes.h"

namespace yeyak::privacy {

class MasterKey {
  public:
    static constexpr std::size_t id_size = 8;

    explicit MasterKey(const KeyBytes& key);
    ~MasterKey() { wipe(key_); }
    MasterKey(const MasterKey&) = default;
    MasterKey& operator=(const MasterKey&) = default;

    // Tells which master key it is and nothing about it.
    const std::string& id() const { return id_; }

    // Nonce, ciphertext and tag; `what` must be said again to unwrap.
    std::string wrap(const KeyBytes& person, std::string_view what) const;
    std::optional<KeyBytes> unwrap(std::string_view wrapped, std::string_view what) const;

  private:
    KeyBytes key_;
    std::string id_;
};

struct MasterKeySource {
    std::filesystem::path file;
    std::optional<std::string> text;  // of the environment; goes before the file
};

// "the file ./data/master.key", "the environment"
std::string place_of(const MasterKeySource& source);

// Nothing when the file is not there.
std::expected<std::optional<MasterKey>, std::string> read_master_key(const MasterKeySource& source);

// Makes the file with a new key, durably; refused when it is there.
std::expected<MasterKey, std::string> make_master_key(const std::filesystem::path& file);

}  // namespace yeyak::privacy
