#include "privacy/master_key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace yeyak::privacy {
namespace {

std::string failure(const std::filesystem::path& file, const char* what) {
    return fmt::format("{} {}: {}", what, file.string(), std::strerror(errno));
}

std::string associated(std::string_view what) {
    return fmt::format("yeyak wrapped key v1/{}", what);
}

KeyBytes key_of(std::string_view bytes) {
    KeyBytes key;
    std::ranges::copy(bytes, key.begin());
    return key;
}

bool sync_folder_of(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    const int in = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (in < 0) return false;
    const bool synced = ::fsync(in) == 0;
    ::close(in);
    return synced;
}

}  // namespace

MasterKey::MasterKey(const KeyBytes& key)
    : key_(key), id_(text_of(keyed_hash(key, {"yeyak master key id v1"})).substr(0, id_size)) {}

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
    const int in = ::open(source.file.c_str(), O_RDONLY | O_CLOEXEC);
    if (in < 0 && errno == ENOENT) return std::optional<MasterKey>{};
    if (in < 0) return std::unexpected(failure(source.file, "cannot open the master key"));
    KeyBytes key;
    char beyond = 0;
    const bool whole = ::read(in, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                       ::read(in, &beyond, 1) == 0;
    ::close(in);
    if (!whole)
        return std::unexpected(
            fmt::format("the master key {} must hold exactly 32 bytes", source.file.string()));
    MasterKey master{key};
    wipe(key);
    return master;
}

std::expected<MasterKey, std::string> make_master_key(const std::filesystem::path& file) {
    // Written beside and linked: a file of this name is whole, and never takes the place of one.
    const auto beside = std::filesystem::path{file.string() + ".new"};
    auto key = random_key();
    const int out = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0) return std::unexpected(failure(beside, "cannot create the master key"));
    const bool written = ::write(out, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                         ::fsync(out) == 0;
    ::close(out);
    if (!written) return std::unexpected(failure(beside, "cannot write the master key"));
    if (::link(beside.c_str(), file.c_str()) != 0)
        return std::unexpected(failure(file, "cannot create the master key"));
    if (::unlink(beside.c_str()) != 0 || !sync_folder_of(file))
        return std::unexpected(failure(file, "cannot make the master key durable"));
    MasterKey master{key};
    wipe(key);
    return master;
}

}  // namespace yeyak::privacy
