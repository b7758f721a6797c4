// AES-256-GCM and keyed hashes, as OpenSSL has them. A failure of OpenSSL itself ends the program.
#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace yeyak::privacy {

using KeyBytes = std::array<std::uint8_t, 32>;
inline constexpr std::size_t nonce_size = 12;
inline constexpr std::size_t tag_size = 16;
inline constexpr std::size_t key_name_bytes = 16;  // of a key of a person; twice as many digits

// Ciphertext and tag.
std::string encrypt(const KeyBytes& key, std::string_view nonce, std::string_view associated,
                    std::string_view plaintext);
// Nothing when tag, key, nonce or associated data do not belong together.
std::optional<std::string> decrypt(const KeyBytes& key, std::string_view nonce,
                                   std::string_view associated, std::string_view ciphertext);

// HMAC-SHA-256 of the parts as one text.
KeyBytes keyed_hash(const KeyBytes& key, std::initializer_list<std::string_view> parts);

KeyBytes random_key();
std::string random_bytes(std::size_t size);
void wipe(KeyBytes& key);
inline std::string_view text_of(const KeyBytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view hex);  // lower-case digits only

}  // namespace yeyak::privacy
