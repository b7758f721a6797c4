#include "audit/proofs/note.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <simdjson.h>

#include <algorithm>

#include "audit/proofs/base64.h"
#include "kernel/ensure.h"

namespace yeyak::audit {
namespace {

constexpr char ed25519 = 1;
constexpr std::size_t max_note_bytes = 1 << 20;
constexpr std::size_t max_signatures = 100;
constexpr std::string_view signature_begin = "\u2014 ";
constexpr std::size_t signature_bytes = 64;

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};

std::shared_ptr<EVP_PKEY> owned(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20) || c == 0x7f; }

std::string typed(const PublicKey& key) {
    std::string bytes(1, ed25519);
    bytes.append(reinterpret_cast<const char*>(key.data()), key.size());
    return bytes;
}

KeyId id_of(std::string_view name, const PublicKey& key) {
    const auto hash = eventstore::sha256({name, "\n", typed(key)});
    KeyId id;
    std::copy_n(hash.begin(), id.size(), id.begin());
    return id;
}

std::string hex(const KeyId& id) {
    return fmt::format("{:02x}{:02x}{:02x}{:02x}", id[0], id[1], id[2], id[3]);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

Result<Signature> parse_signature(std::string_view line) {
    const auto wrong = std::unexpected("a line after the text is no signature");
    if (!line.starts_with(signature_begin)) return wrong;
    line.remove_prefix(signature_begin.size());
    const auto space = line.find(' ');
    if (space == line.npos || !is_key_name(line.substr(0, space))) return wrong;
    const auto bytes = from_base64(line.substr(space + 1));
    Signature signature;
    if (!bytes || bytes->size() <= signature.id.size()) return wrong;
    signature.name = line.substr(0, space);
    std::copy_n(bytes->begin(), signature.id.size(), signature.id.begin());
    signature.bytes = bytes->substr(signature.id.size());
    return signature;
}

}  // namespace

bool is_key_name(std::string_view name) {
    return !name.empty() && name.size() <= 200 && std::ranges::none_of(name, [](char c) {
        return is_control(c) || c == ' ' || c == '+';
    }) && simdjson::validate_utf8(name.data(), name.size());
}

Result<VerifierKey> VerifierKey::make(std::string name, const PublicKey& key) {
    if (!is_key_name(name))
        return std::unexpected("the name of a key must be a text without spaces and '+'");
    VerifierKey made;
    made.id_ = audit::id_of(name, key);
    made.name_ = std::move(name);
    made.key_ = key;
    made.handle_ = owned(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, made.key_.data(), made.key_.size()));
    if (!made.handle_) return std::unexpected("the bytes are no Ed25519 key");
    return made;
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
    text = trimmed(text);
    const auto wrong =
        std::unexpected("a verifier key has the form NAME+ID+KEY, as GET /audit/key answers it");
    const auto first = text.find('+');
    if (first == text.npos) return wrong;
    const auto second = text.find('+', first + 1);
    if (second == text.npos) return wrong;
    const auto bytes = from_base64(text.substr(second + 1));
    if (!bytes || bytes->size() != 33) return wrong;
    if (bytes->front() != ed25519) return std::unexpected("only Ed25519 keys are known");
    PublicKey key;
    std::copy_n(bytes->begin() + 1, key.size(), key.begin());
    auto made = make(std::string{text.substr(0, first)}, key);
    if (!made) return made;
    if (hex(made->id_) != text.substr(first + 1, second - first - 1))
        return std::unexpected("the id in the verifier key is not that of its name and key");
    return made;
}

std::string VerifierKey::text() const {
    return fmt::format("{}+{}+{}", name_, hex(id_), base64(typed(key_)));
}

bool VerifierKey::verifies(std::string_view message, std::string_view signature) const {
    if (signature.size() != signature_bytes) return false;
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
    if (!context ||
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) != 1)
        return false;
    return EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(message),
                            message.size()) == 1;
}

Result<SigningKey> SigningKey::of(std::string name, std::shared_ptr<EVP_PKEY> handle) {
    PublicKey key;
    auto size = key.size();
    if (!handle || EVP_PKEY_id(handle.get()) != EVP_PKEY_ED25519 ||
        EVP_PKEY_get_raw_public_key(handle.get(), key.data(), &size) != 1)
        return std::unexpected("it holds no Ed25519 private key in PEM (PKCS#8)");
    auto verifier = VerifierKey::make(std::move(name), key);
    if (!verifier) return std::unexpected(std::move(verifier).error());
    SigningKey made{*std::move(verifier)};
    made.handle_ = std::move(handle);
    return made;
}

Result<SigningKey> SigningKey::generate(std::string name) {
    return of(std::move(name), owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
}

Result<SigningKey> SigningKey::from_pem(std::string name, std::string_view pem) {
    const std::unique_ptr<BIO, FreeBio> bio{
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    // Without a password callback OpenSSL would ask at the terminal.
    const auto no_password = [](char*, int, int, void*) { return -1; };
    return of(std::move(name),
              owned(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)));
}

std::string SigningKey::pem() const {
    const std::unique_ptr<BIO, FreeBio> bio{BIO_new(BIO_s_mem())};
    const bool written = PEM_write_bio_PKCS8PrivateKey(bio.get(), handle_.get(), nullptr, nullptr,
                                                       0, nullptr, nullptr) == 1;
    ensure(written, "a private key can be written as PEM");
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string SigningKey::sign(std::string_view message) const {
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
    std::string signature(signature_bytes, '\0');
    auto size = signature.size();
    const bool made =
        context &&
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) == 1 &&
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       data_of(message), message.size()) == 1;
    ensure(made && size == signature_bytes, "signing with Ed25519 does not fail");
    return signature;
}

Result<Note> parse_note(std::string_view bytes) {
    if (bytes.size() > max_note_bytes) return std::unexpected("the note is larger than 1 MiB");
    const auto strange = [](char c) { return c != '\n' && is_control(c); };
    if (std::ranges::any_of(bytes, strange) || !simdjson::validate_utf8(bytes.data(), bytes.size()))
        return std::unexpected("the note is not a text in UTF-8");
    const auto end = bytes.rfind("\n\n");
    if (end == bytes.npos || !bytes.ends_with('\n') || end + 2 == bytes.size())
        return std::unexpected("the note has no signature: a text, an empty line, signatures");
    Note note;
    note.text = bytes.substr(0, end + 1);
    for (auto rest = bytes.substr(end + 2); !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        auto signature = parse_signature(line);
        if (!signature) return std::unexpected(std::move(signature).error());
        note.signatures.push_back(*std::move(signature));
        if (note.signatures.size() > max_signatures)
            return std::unexpected("the note has more than 100 signatures");
    }
    return note;
}

Result<std::string> open_note(std::string_view bytes, const VerifierKey& key) {
    auto note = parse_note(bytes);
    if (!note) return std::unexpected(std::move(note).error());
    bool signed_by_key = false;
    for (const auto& signature : note->signatures) {
        if (signature.name != key.name() || signature.id != key.id()) continue;
        if (!key.verifies(note->text, signature.bytes))
            return std::unexpected(
                fmt::format("the signature of {} is not right: the note was altered", key.name()));
        signed_by_key = true;
    }
    if (!signed_by_key)
        return std::unexpected(
            fmt::format("the note is not signed by {} with key {}", key.name(), hex(key.id())));
    return std::move(note->text);
}

std::string sign_note(std::string_view text, const SigningKey& key) {
    ensure(text.ends_with('\n'), "the text of a note ends with a newline");
    const auto& id = key.verifier().id();
    std::string bytes{id.begin(), id.end()};
    bytes += key.sign(text);
    return fmt::format("{}\n{}{} {}\n", text, signature_begin, key.verifier().name(),
                       base64(bytes));
}

}  // namespace yeyak::audit
