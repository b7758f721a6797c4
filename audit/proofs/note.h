// Signed notes (https://c2sp.org/signed-note) with Ed25519 keys: a text, an empty line, and one
// line for each signature: an em dash, the key's name, and base64 of key id (4 bytes) and
// signature. Witnesses add lines of their own; signatures of keys that are not asked for are
// ignored.
//
// A verifier key is written as NAME+ID+KEY: the id in 8 hexadecimal digits, the key in base64 of
// 0x01 (Ed25519) and 32 bytes. The id is the beginning of SHA-256(name || 0x0A || 0x01 || key).
//
// Keys are values that share their OpenSSL object; any thread may use them.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audit/proofs/merkle.h"

struct evp_pkey_st;

namespace yeyak::audit {

// A name of a key: not empty, valid UTF-8 without spaces, control characters and '+'; at most 200
// bytes.
bool is_key_name(std::string_view name);

using KeyId = std::array<unsigned char, 4>;
using PublicKey = std::array<unsigned char, 32>;

class VerifierKey {
  public:
    static Result<VerifierKey> make(std::string name, const PublicKey& key);
    // NAME+ID+KEY; white space around it is ignored.
    static Result<VerifierKey> parse(std::string_view text);

    std::string text() const;
    const std::string& name() const { return name_; }
    const KeyId& id() const { return id_; }
    const PublicKey& public_key() const { return key_; }
    // Whether `signature` is this key's over `message`.
    bool verifies(std::string_view message, std::string_view signature) const;

  private:
    VerifierKey() = default;
    std::string name_;
    KeyId id_{};
    PublicKey key_{};
    std::shared_ptr<evp_pkey_st> handle_;
};

class SigningKey {
  public:
    // A new key from OpenSSL's random numbers.
    static Result<SigningKey> generate(std::string name);
    // PKCS#8 in PEM, as `openssl genpkey -algorithm ed25519` writes it.
    static Result<SigningKey> from_pem(std::string name, std::string_view pem);
    std::string pem() const;

    const VerifierKey& verifier() const { return verifier_; }
    std::string sign(std::string_view message) const;  // 64 bytes

  private:
    explicit SigningKey(VerifierKey verifier) : verifier_(std::move(verifier)) {}
    static Result<SigningKey> of(std::string name, std::shared_ptr<evp_pkey_st> handle);
    VerifierKey verifier_;
    std::shared_ptr<evp_pkey_st> handle_;
};

struct Signature {
    std::string name;
    KeyId id{};
    std::string bytes;
};

struct Note {
    std::string text;  // with its last newline: what is signed
    std::vector<Signature> signatures;
};

// Only the form; no signature is checked. At most 1 MiB and 100 signatures.
Result<Note> parse_note(std::string_view bytes);

// The text of the note when `key` signed it: at least one signature names that key, and every one
// that does is right.
Result<std::string> open_note(std::string_view bytes, const VerifierKey& key);

// `text` must end with a newline.
std::string sign_note(std::string_view text, const SigningKey& key);

}  // namespace yeyak::audit
