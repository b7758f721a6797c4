// Personal fields are kept as sealed texts and nothing else. A sealed text is encrypted with a key
// of its person, so that destroying one key makes all of them unreadable, wherever they have been
// copied to, without changing a byte of the log:
//
//   sealed:v1:<name of the key, 32 hexadecimal digits>:<base64url without padding>;
//
// The base64url text holds one byte for the purpose, the nonce (12), the ciphertext and the tag
// (16). AES-256-GCM (NIST SP 800-38D); the associated data are "yeyak sealed v1", the name of the
// key and the purpose. The nonce is synthetic, as in AES-SIV (RFC 5297): the beginning of a keyed
// hash of purpose and plaintext. So the same value of the same person is the same sealed text,
// which keeps repeated requests and equality filters alike, and two values never share a nonce.
//
// Pure functions; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "privacy/aes.h"

namespace yeyak::privacy {

// What a field is, and the most that equality between sealed texts tells. The numbers are on disk.
enum class Purpose : std::uint8_t {
    address = 1,
    card = 2,  // the masked number
    name = 3,
    registration = 4,  // the masked number
    vehicle = 5
};

// The key of a person, ready for use; its bytes are wiped when it goes.
class PersonKey {
  public:
    explicit PersonKey(const KeyBytes& key);
    ~PersonKey();
    PersonKey(const PersonKey&) = delete;
    PersonKey& operator=(const PersonKey&) = delete;

    // An empty text stays empty.
    std::string seal(std::string_view key_name, Purpose purpose, std::string_view plaintext) const;
    // Nothing when it was not sealed with this key under this name: it never gives anything else
    // than what was sealed.
    std::optional<std::string> open(std::string_view key_name, std::string_view sealed) const;

  private:
    KeyBytes encrypt_;  // both are derived from the key of the person
    KeyBytes nonce_;
};

inline constexpr std::string_view seal_mark = "sealed:v1:";
inline constexpr std::size_t key_name_size = 32;

struct SealedText {
    std::string_view whole;     // from "sealed:" to ';'
    std::string_view key_name;  // 32 lower-case hexadecimal digits
    std::string_view content;   // base64url
};

// The first sealed text at or after `from`; nothing when there is none.
std::optional<SealedText> find_sealed(std::string_view text, std::size_t from = 0);

// Whether a text that comes from outside could pass for a sealed one: as it stands, or after the
// escapes of JSON in it are read. Such a text is refused, because it would be opened on the way
// out.
bool mentions_seal(std::string_view text);

}  // namespace yeyak::privacy
