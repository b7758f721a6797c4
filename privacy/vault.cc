#include "privacy/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "privacy/numbers.h"

namespace yeyak::privacy {
namespace {

constexpr std::string_view name = "token key";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number with what the brands allow to be seen (PCI DSS 4.0, 3.4.1): its issuer, which is the
// first six digits, or eight from 16 digits on, and the last four; at least four are hidden.
std::string masked_card(std::string_view number, std::size_t digits) {
    constexpr std::size_t last = 4;
    constexpr std::size_t hidden = 4;
    const std::size_t first = std::min<std::size_t>(digits >= 16 ? 8 : 6, digits - last - hidden);
    std::string masked;
    std::size_t seen = 0;
    for (const char c : number) {
        const bool digit = is_digit(c);
        masked += digit && seen >= first && seen < digits - last ? '*' : c;
        seen += digit ? 1 : 0;
    }
    return masked;
}

}  // namespace

std::expected<Vault, std::string> Vault::open(const std::filesystem::path& file,
                                              IfMissing if_missing) {
    const auto key = read_key_file(file, name);
    if (!key) return std::unexpected(key.error());
    if (*key) return Vault{**key};
    if (if_missing == IfMissing::refuse)
        return std::unexpected(fmt::format("the token key {} is missing", file.string()));
    const auto made = make_key_file(file, name);
    if (!made) return std::unexpected(made.error());
    return Vault{*made};
}

std::string Vault::id() const { return to_hex(key_id(key_, name)); }

std::string Vault::token(std::string_view text) const {
    return to_hex(text_of(keyed_hash(key_, {text})).substr(0, 16));
}

std::string Vault::token_of(std::string_view kind, std::string_view text) const {
    return token(fmt::format("{}/{}", kind, text));
}

std::optional<MaskedCard> Vault::card(const CardNumber& card) const {
    const auto number = card.plain();
    if (!refuse_card_number(number).empty()) return std::nullopt;
    std::string digits;
    std::ranges::copy_if(number, std::back_inserter(digits), is_digit);
    return MaskedCard{MaskedCardNumber{masked_card(number, digits.size())},
                      CardToken{token(digits)}};
}

std::optional<MaskedPerson> Vault::person(const RegistrationNumber& number) const {
    const auto digits = registration_digits(number.plain());
    if (digits.empty()) return std::nullopt;
    const auto day = digits.substr(0, 6);
    // A card of the same digits must not have the same token.
    return MaskedPerson{
        MaskedRegistrationNumber{fmt::format("{}-{}******", day, digits.substr(6, 1))},
        token_of("person", fmt::format("{}-{}", day, digits.substr(6)))};
}

}  // namespace yeyak::privacy
