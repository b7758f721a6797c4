#include "privacy/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace yeyak::privacy {
namespace {

constexpr std::size_t id_size = 8;

std::string failure(const std::filesystem::path& file, std::string_view verb,
                    std::string_view what) {
    return fmt::format("cannot {} the {} {}: {}", verb, what, file.string(), std::strerror(errno));
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

std::expected<std::optional<KeyBytes>, std::string> read_key_file(const std::filesystem::path& file,
                                                                  std::string_view what) {
    const int in = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (in < 0 && errno == ENOENT) return std::optional<KeyBytes>{};
    if (in < 0) return std::unexpected(failure(file, "open", what));
    KeyBytes key;
    char beyond = 0;
    const bool whole = ::read(in, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                       ::read(in, &beyond, 1) == 0;
    ::close(in);
    if (!whole)
        return std::unexpected(
            fmt::format("the {} {} must hold exactly 32 bytes", what, file.string()));
    return key;
}

std::expected<KeyBytes, std::string> make_key_file(const std::filesystem::path& file,
                                                   std::string_view what) {
    // Written beside and linked: a file of this name is whole, and never takes the place of one.
    const auto beside = std::filesystem::path{file.string() + ".new"};
    const auto key = random_key();
    const int out = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0) return std::unexpected(failure(beside, "create", what));
    const bool written = ::write(out, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                         ::fsync(out) == 0;
    ::close(out);
    if (!written) return std::unexpected(failure(beside, "write", what));
    if (::link(beside.c_str(), file.c_str()) != 0)
        return std::unexpected(failure(file, "create", what));
    if (::unlink(beside.c_str()) != 0 || !sync_folder_of(file))
        return std::unexpected(failure(file, "make durable", what));
    return key;
}

std::string key_id(const KeyBytes& key, std::string_view what) {
    return std::string{
        text_of(keyed_hash(key, {fmt::format("yeyak {} id v1", what)})).substr(0, id_size)};
}

}  // namespace yeyak::privacy
