// Card numbers end here. What leaves this file is a masked form, for people, and a token, for the
// provider: a keyed hash, so that the same card is the same token and nobody can go back. The key
// is a file of 32 random bytes, made at first start with access for the owner alone.
#pragma once
#include <array>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace yeyak::api {

struct Card {
    std::string masked;  // 1234-1234-****-1234: digits 9 to 12 are hidden
    std::string token;   // 32 hexadecimal digits
};

class CardVault {
  public:
    static std::expected<CardVault, std::string> open(const std::filesystem::path& key_file);

    // Nothing when it is not a card number: 12 to 19 digits, in groups with '-' or ' ' or none.
    std::optional<Card> take(std::string_view card_number) const;

  private:
    explicit CardVault(const std::array<unsigned char, 32>& key) : key_(key) {}
    std::array<unsigned char, 32> key_;
};

}  // namespace yeyak::api
