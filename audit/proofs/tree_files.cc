#include "audit/proofs/tree_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kernel/ensure.h"

namespace yeyak::audit {
namespace {

constexpr std::size_t hash_bytes = sizeof(Hash);

bool write_at(int file, std::string_view bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const auto written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return true;
}

std::string_view bytes_of(const std::vector<Hash>& hashes) {
    return {reinterpret_cast<const char*>(hashes.data()), hashes.size() * hash_bytes};
}

}  // namespace

std::filesystem::path TreeFiles::file_of(unsigned level) const {
    return folder_ / fmt::format("level-{}", level);
}

StoreResult<std::unique_ptr<TreeFiles>> TreeFiles::open(const std::filesystem::path& folder,
                                                        Access access) {
    std::unique_ptr<TreeFiles> self{new TreeFiles{folder}};
    const bool writes = access == Access::write;
    if (writes && ::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)
        return std::unexpected(system_error("create", folder));
    for (unsigned level = 0; level < tile_levels; ++level) {
        auto& at = self->levels_[level];
        const auto path = self->file_of(level);
        at.file = writes ? ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)
                         : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        struct stat about;
        if (at.file < 0 || ::fstat(at.file, &about) != 0)
            return std::unexpected(system_error("open", path));
        at.stored = static_cast<std::uint64_t>(about.st_size) / hash_bytes;
    }
    self->size_ = self->levels_[0].stored;
    if (writes) {
        if (auto synced = sync_folder(folder); !synced) return std::unexpected(synced.error());
        const auto parent = std::filesystem::absolute(folder).parent_path();
        if (auto synced = sync_folder(parent); !synced) return std::unexpected(synced.error());
    }
    return self;
}

TreeFiles::~TreeFiles() {
    for (auto& level : levels_)
        if (level.file >= 0) ::close(level.file);
}

bool TreeFiles::reach(std::uint64_t size) const {
    for (unsigned level = 0; level < tile_levels; ++level)
        if (levels_[level].stored < hashes_on(level, size)) return false;
    return true;
}

StoreResult<void> TreeFiles::cut(std::uint64_t size) {
    ensure(reach(size), "a tree is cut to a size that it has");
    for (unsigned level = 0; level < tile_levels; ++level) {
        auto& at = levels_[level];
        const auto keep = hashes_on(level, size);
        if (::ftruncate(at.file, static_cast<off_t>(keep * hash_bytes)) != 0)
            return std::unexpected(system_error("cut", file_of(level)));
        at.stored = keep;
        at.dirty = true;
        const auto begin = keep / tile_width * tile_width;
        auto unfilled = read(level, begin, keep - begin);
        if (!unfilled)
            return std::unexpected(StoreError{StoreError::Kind::io, std::move(unfilled).error()});
        rows_.resume(level, *std::move(unfilled));
    }
    size_ = size;
    return {};
}

StoreResult<void> TreeFiles::append(std::span<const Hash> leaves) {
    const auto added = rows_.append(leaves);
    for (unsigned level = 0; level < tile_levels && !added[level].empty(); ++level) {
        auto& at = levels_[level];
        if (!write_at(at.file, bytes_of(added[level]), at.stored * hash_bytes))
            return std::unexpected(system_error("write", file_of(level)));
        at.stored += added[level].size();
        at.dirty = true;
    }
    size_ += leaves.size();
    return {};
}

StoreResult<void> TreeFiles::sync() {
    for (unsigned level = 0; level < tile_levels; ++level) {
        auto& at = levels_[level];
        if (!at.dirty) continue;
        if (::fdatasync(at.file) != 0) return std::unexpected(system_error("sync", file_of(level)));
        at.dirty = false;
    }
    return {};
}

Result<std::vector<Hash>> TreeFiles::read(unsigned level, std::uint64_t first,
                                          std::uint64_t count) const {
    std::vector<Hash> hashes(count);
    auto* at = reinterpret_cast<char*>(hashes.data());
    auto left = count * hash_bytes;
    auto offset = static_cast<off_t>(first * hash_bytes);
    while (left > 0) {
        const auto got = ::pread(levels_[level].file, at, left, offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::unexpected(system_error("read", file_of(level)).detail);
        if (got == 0)
            return std::unexpected(
                fmt::format("{} ends before hash {}", file_of(level).string(), first + count));
        at += got;
        left -= static_cast<std::uint64_t>(got);
        offset += got;
    }
    return hashes;
}

Nodes TreeFiles::nodes() const {
    return nodes_of([this](unsigned level, std::uint64_t first, std::uint64_t count) {
        return read(level, first, count);
    });
}

}  // namespace yeyak::audit
