#include "auth/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace yeyak::auth {
namespace {

constexpr std::size_t most = 16 * 1024;  // far more than a key takes

std::string failure(std::string_view verb, const std::filesystem::path& file) {
    return fmt::format("cannot {} {}: {}", verb, file.string(), std::strerror(errno));
}

class File {
  public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int get() const { return descriptor_; }
    bool opened() const { return descriptor_ >= 0; }

  private:
    int descriptor_;
};

bool sync_folder_of(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    const File in{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return in.opened() && ::fsync(in.get()) == 0;
}

}  // namespace

std::expected<std::optional<std::string>, std::string> read_secret(
    const std::filesystem::path& file) {
    const File in{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!in.opened() && errno == ENOENT) return std::optional<std::string>{};
    if (!in.opened()) return std::unexpected(failure("open", file));
    std::string bytes;
    std::array<char, 4096> buffer;
    while (true) {
        const auto got = ::read(in.get(), buffer.data(), buffer.size());
        if (got < 0) return std::unexpected(failure("read", file));
        if (got == 0) return bytes;
        bytes.append(buffer.data(), static_cast<std::size_t>(got));
        if (bytes.size() > most)
            return std::unexpected(fmt::format("{} is too large to be a key", file.string()));
    }
}

std::expected<void, std::string> make_secret(const std::filesystem::path& file,
                                             std::string_view bytes) {
    const std::filesystem::path beside{file.string() + ".new"};
    {
        const File out{::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
        if (!out.opened()) return std::unexpected(failure("create", beside));
        // One that was left by an earlier attempt may be open to others.
        const bool written =
            ::fchmod(out.get(), 0600) == 0 &&
            ::write(out.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
            ::fsync(out.get()) == 0;
        if (!written) return std::unexpected(failure("write", beside));
    }
    if (::link(beside.c_str(), file.c_str()) != 0) {
        const auto refused = failure("create", file);
        ::unlink(beside.c_str());
        return std::unexpected(refused);
    }
    if (::unlink(beside.c_str()) != 0 || !sync_folder_of(file))
        return std::unexpected(failure("make durable", file));
    return {};
}

}  // namespace yeyak::auth
