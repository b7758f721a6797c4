#include "audit/proofs/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace yeyak::audit {
namespace {

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

StoreError system_error(std::string_view what, const std::filesystem::path& path) {
    return {StoreError::Kind::io,
            fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno))};
}

std::optional<std::string> closed_by(const std::filesystem::path& path) {
    using std::filesystem::perms;
    std::error_code none;
    const auto status = std::filesystem::status(path, none);
    const auto others = perms::group_all | perms::others_all;
    if (none || !exists(status) || (status.permissions() & others) == perms::none) return {};
    return fmt::format("chmod {}go-rwx {}", is_directory(status) ? "-R " : "", path.string());
}

StoreResult<void> sync_folder(const std::filesystem::path& folder) {
    const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return std::unexpected(system_error("open", folder));
    const bool synced = ::fsync(opened) == 0;
    ::close(opened);
    if (!synced) return std::unexpected(system_error("sync", folder));
    return {};
}

StoreResult<void> replace_file(const std::filesystem::path& path, std::string_view bytes,
                               unsigned mode) {
    const std::filesystem::path aside = path.string() + ".new";
    const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (file < 0) return std::unexpected(system_error("create", aside));
    const bool written = write_all(file, bytes) && ::fsync(file) == 0;
    ::close(file);
    if (!written) return std::unexpected(system_error("write", aside));
    if (::rename(aside.c_str(), path.c_str()) != 0)
        return std::unexpected(system_error("rename", aside));
    const auto folder = path.parent_path();
    return sync_folder(folder.empty() ? "." : folder);
}

StoreResult<std::optional<std::string>> read_file(const std::filesystem::path& path,
                                                  std::size_t most) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) return std::nullopt;
    if (file < 0) return std::unexpected(system_error("open", path));
    std::string bytes(most + 1, '\0');
    std::size_t size = 0;
    ssize_t got = 0;
    while (size < bytes.size() &&
           (got = ::read(file, bytes.data() + size, bytes.size() - size)) > 0)
        size += static_cast<std::size_t>(got);
    auto failed = got < 0 ? std::optional{system_error("read", path)} : std::nullopt;
    ::close(file);
    if (failed) return std::unexpected(*std::move(failed));
    if (size > most)
        return std::unexpected(
            StoreError{StoreError::Kind::corrupt,
                       fmt::format("{} is larger than {} bytes", path.string(), most)});
    bytes.resize(size);
    return bytes;
}

}  // namespace yeyak::audit
