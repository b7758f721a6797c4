#include "privacy/master_key.h"

#include <fmt/format.h>

#include <algorithm>

#include "privacy/key_file.h"

namespace yeyak::privacy {
namespace {

constexpr std::string_view name = "master key";

std::string associated(std::string_view what) {
    return fmt::format("yeyak wrapped key v1/{}", what);
}

KeyBytes key_of(std::string_view bytes) {
    KeyBytes key;
    std::ranges::copy(bytes, key.begin());
    return key;
}

}  // namespace

MasterKey::MasterKey(const KeyBytes& key) : key_(key), id_(key_id(key, name)) {}

std::string MasterKey::wrap(const KeyBytes& person, std::string_view what) const {
    auto wrapped = random_bytes(nonce_size);
    wrapped += encrypt(key_, std::string{wrapped}, associated(what), text_of(person));
    return wrapped;
}

std::optional<KeyBytes> MasterKey::unwrap(std::string_view wrapped, std::string_view what) const {
    if (wrapped.size() != nonce_size + sizeof(KeyBytes) + tag_size) return std::nullopt;
    const auto bytes =
        decrypt(key_, wrapped.substr(0, nonce_size), associated(what), wrapped.substr(nonce_size));
    if (!bytes) return std::nullopt;
    return key_of(*bytes);
}

std::string place_of(const MasterKeySource& source) {
    return source.text ? "privacy.master_key" : fmt::format("the file {}", source.file.string());
}

std::expected<std::optional<MasterKey>, std::string> read_master_key(
    const MasterKeySource& source) {
    if (source.text) {
        const auto bytes = from_hex(*source.text);
        if (!bytes || bytes->size() != sizeof(KeyBytes))
            return std::unexpected(
                "privacy.master_key must be 64 hexadecimal digits (0-9, a-f), for example from "
                "`openssl rand -hex 32`");
        return MasterKey{key_of(*bytes)};
    }
    auto key = read_key_file(source.file, name);
    if (!key) return std::unexpected(std::move(key).error());
    if (!*key) return std::optional<MasterKey>{};
    MasterKey master{**key};
    wipe(**key);
    return master;
}

std::expected<MasterKey, std::string> make_master_key(const std::filesystem::path& file) {
    auto key = make_key_file(file, name);
    if (!key) return std::unexpected(std::move(key).error());
    MasterKey master{*key};
    wipe(*key);
    return master;
}

}  // namespace yeyak::privacy
