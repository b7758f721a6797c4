// Numbers that identify people end here: cards and resident registration numbers. What leaves this
// file is a masked form, for people, and a token, for programs: a keyed hash, so that the same
// number is the same token and nobody can go back. The key is a file (key_file.h), made at first
// start and never again: with another key no number would match what was recorded.
#pragma once
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "privacy/key_file.h"
#include "privacy/personal.h"

namespace yeyak::privacy {

class Vault {
  public:
    static std::expected<Vault, std::string> open(const std::filesystem::path& key_file,
                                                  IfMissing if_missing);
    // Tells which key it is and nothing about it: 16 hexadecimal digits.
    std::string id() const;

    // Nothing when it is no card number (privacy/numbers.h). The issuer's first and the last four
    // digits are shown: 1234-1234-****-1234.
    std::optional<MaskedCard> card(const CardNumber& number) const;
    // Nothing when it is not written like a registration number; shown as 890309-2******.
    std::optional<MaskedPerson> person(const RegistrationNumber& number) const;
    // The name of the key of a person's fields: privacy/person.h says what handles are.
    std::string key_name(std::string_view handle) const { return token_of("key", handle); }
    // A fingerprint that tells nothing to whoever has not the key.
    std::string fingerprint(std::string_view text) const { return token_of("request", text); }

  private:
    explicit Vault(const KeyBytes& key) : key_(key) {}
    std::string token(std::string_view text) const;
    std::string token_of(std::string_view kind, std::string_view text) const;
    KeyBytes key_;
};

}  // namespace yeyak::privacy
