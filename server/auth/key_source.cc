#include "server/auth/key_source.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <compare>
#include <cstring>
#include <fstream>

#include "server/auth/discovery.h"
#include "server/auth/fetch.h"

namespace yeyak::server {
namespace {

using Keys = std::expected<std::optional<auth::KeySet>, std::string>;

// Tells one state of a file from another.
struct Version {
    ino_t file = 0;
    off_t bytes = 0;
    std::int64_t changed_s = 0;
    std::int64_t changed_ns = 0;
    friend bool operator==(const Version&, const Version&) = default;
};

std::optional<Version> version_of(const std::filesystem::path& file) {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0) return std::nullopt;
    return Version{found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

Keys parse(std::string_view json, std::string_view place) {
    auto keys = auth::KeySet::parse(json);
    if (!keys) return std::unexpected(fmt::format("{} {}", place, keys.error()));
    return *std::move(keys);
}

class File final : public KeySource {
  public:
    explicit File(std::filesystem::path file) : file_(std::move(file)) {}

    Keys fetch() override {
        const auto version = version_of(file_);
        if (!version) return std::unexpected(failure());
        if (version == read_) return std::nullopt;
        std::ifstream in{file_, std::ios::binary};
        std::string json(auth::KeySet::max_bytes + 1, '\0');
        in.read(json.data(), static_cast<std::streamsize>(json.size()));
        if (in.bad() || !in.eof()) {
            if (in.gcount() == static_cast<std::streamsize>(json.size()))
                return parse(json, file_.string());
            return std::unexpected(failure());
        }
        json.resize(static_cast<std::size_t>(in.gcount()));
        auto keys = parse(json, file_.string());
        // One that cannot be taken may be half written: it is looked at again.
        if (keys) read_ = version;
        return keys;
    }
    std::chrono::milliseconds pause() const override { return std::chrono::seconds{2}; }

  private:
    std::string failure() const {
        return fmt::format("{} cannot be read: {}", file_.string(), std::strerror(errno));
    }

    const std::filesystem::path file_;
    std::optional<Version> read_;
};

class Issuer final : public KeySource {
  public:
    Issuer(std::string issuer, std::chrono::milliseconds pause)
        : issuer_(std::move(issuer)), pause_(pause) {}

    Keys fetch() override {
        const auto about = discovery_url(issuer_);
        const auto document = server::fetch(about);
        if (!document) return std::unexpected(document.error());
        const auto place = keys_url(*document, issuer_);
        if (!place) return std::unexpected(fmt::format("{} {}", about, place.error()));
        const auto json = server::fetch(*place, FetchLimits{.bytes = auth::KeySet::max_bytes});
        if (!json) return std::unexpected(json.error());
        return parse(*json, *place);
    }
    std::chrono::milliseconds pause() const override { return pause_; }

  private:
    const std::string issuer_;
    const std::chrono::milliseconds pause_;
};

}  // namespace

std::unique_ptr<KeySource> keys_in_file(std::filesystem::path file) {
    return std::make_unique<File>(std::move(file));
}

std::unique_ptr<KeySource> keys_of_issuer(std::string issuer, std::chrono::milliseconds pause) {
    return std::make_unique<Issuer>(std::move(issuer), pause);
}

}  // namespace yeyak::server
