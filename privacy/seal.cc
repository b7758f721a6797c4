#include "privacy/seal.h"

#include <algorithm>

namespace yeyak::privacy {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool is_content(char c) { return alphabet.contains(c); }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::string to_base64url(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t buffer = 0;
    int bits = 0;
    for (const char c : bytes) {
        buffer = buffer << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6; bits -= 6) out += alphabet[buffer >> (bits - 6) & 63];
    }
    if (bits > 0) out += alphabet[buffer << (6 - bits) & 63];
    return out;
}

// Only what to_base64url() gives: a text has one spelling.
std::optional<std::string> from_base64url(std::string_view text) {
    std::string out;
    std::uint32_t buffer = 0;
    int bits = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        buffer = buffer << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>(buffer >> bits & 255);
    }
    if (bits >= 6 || (buffer & ((1U << bits) - 1)) != 0) return std::nullopt;
    return out;
}

std::string associated(std::string_view key_name, char purpose) {
    std::string text{"yeyak sealed v1"};
    text += '\0';
    text += key_name;
    text += purpose;
    return text;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// What the text is once its JSON escapes are read; letters beyond ASCII become '?'.
std::string unescaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        ++i;
        if (text[i] != 'u' || i + 4 >= text.size()) {
            out += text[i];
            continue;
        }
        int code = 0;
        for (std::size_t digit = i + 1; digit <= i + 4; ++digit)
            code = code < 0 || hex_value(text[digit]) < 0 ? -1 : code * 16 + hex_value(text[digit]);
        if (code < 0) {
            out += text[i];
            continue;
        }
        out += code < 128 ? static_cast<char>(code) : '?';
        i += 4;
    }
    return out;
}

}  // namespace

PersonKey::PersonKey(const KeyBytes& key)
    : encrypt_(keyed_hash(key, {"yeyak sealed v1 encrypt"})),
      nonce_(keyed_hash(key, {"yeyak sealed v1 nonce"})) {}

PersonKey::~PersonKey() {
    wipe(encrypt_);
    wipe(nonce_);
}

std::string PersonKey::seal(std::string_view key_name, Purpose purpose,
                            std::string_view plaintext) const {
    if (plaintext.empty()) return {};
    const char code = static_cast<char>(purpose);
    const auto hash = keyed_hash(nonce_, {std::string_view{&code, 1}, plaintext});
    std::string content{code};
    content += text_of(hash).substr(0, nonce_size);
    content += encrypt(encrypt_, text_of(hash).substr(0, nonce_size), associated(key_name, code),
                       plaintext);
    std::string sealed{seal_mark};
    sealed += key_name;
    sealed += ':';
    sealed += to_base64url(content);
    sealed += ';';
    return sealed;
}

std::optional<std::string> PersonKey::open(std::string_view key_name,
                                           std::string_view sealed) const {
    const auto parts = find_sealed(sealed);
    if (!parts || parts->whole != sealed || parts->key_name != key_name) return std::nullopt;
    const auto content = from_base64url(parts->content);
    if (!content || content->size() < 1 + nonce_size + tag_size) return std::nullopt;
    const std::string_view all{*content};
    return decrypt(encrypt_, all.substr(1, nonce_size), associated(key_name, all.front()),
                   all.substr(1 + nonce_size));
}

std::optional<SealedText> find_sealed(std::string_view text, std::size_t from) {
    while (true) {
        const auto begin = text.find(seal_mark, from);
        if (begin == std::string_view::npos) return std::nullopt;
        from = begin + seal_mark.size();
        const auto name = text.substr(from, key_name_size);
        if (name.size() < key_name_size || !std::ranges::all_of(name, is_hex)) continue;
        const auto content = from + key_name_size + 1;
        if (content >= text.size() || text[content - 1] != ':') continue;
        auto end = content;
        while (end < text.size() && is_content(text[end])) ++end;
        if (end == content || end == text.size() || text[end] != ';') continue;
        return SealedText{text.substr(begin, end + 1 - begin), name,
                          text.substr(content, end - content)};
    }
}

bool mentions_seal(std::string_view text) {
    if (text.contains(seal_mark)) return true;
    return text.contains('\\') && unescaped(text).contains(seal_mark);
}

}  // namespace yeyak::privacy
