// The tree on disk: one file for each level of tiles, `level-0` to `level-7`, hash i of a level at
// byte 32 * i (eventstore/FORMAT.md, "audit/"). Only ever appended to, so that a tile is one read.
// The files alone prove nothing: they are derived from the log and count as far as a signed
// checkpoint says (recovery.h).
//
// One thread appends, syncs and cuts. Any thread reads what was appended before it began.
#pragma once
#include <array>
#include <memory>
#include <span>

#include "audit/proofs/files.h"
#include "audit/proofs/tiles.h"

namespace yeyak::audit {

class TreeFiles {
  public:
    enum class Access { read, write };
    // To write, the folder and its files are created.
    static StoreResult<std::unique_ptr<TreeFiles>> open(const std::filesystem::path& folder,
                                                        Access access);
    TreeFiles(const TreeFiles&) = delete;
    TreeFiles& operator=(const TreeFiles&) = delete;
    ~TreeFiles();

    // Leaves that were there when the files were opened, and what was appended or cut since.
    std::uint64_t size() const { return size_; }
    // Whether every level is long enough for a tree of that size.
    bool reach(std::uint64_t size) const;
    // Forgets what lies beyond `size` leaves; reach(size).
    StoreResult<void> cut(std::uint64_t size);
    StoreResult<void> append(std::span<const Hash> leaves);
    StoreResult<void> sync();

    Result<std::vector<Hash>> read(unsigned level, std::uint64_t first, std::uint64_t count) const;
    Nodes nodes() const;

  private:
    explicit TreeFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path file_of(unsigned level) const;

    struct Level {
        int file = -1;
        std::uint64_t stored = 0;  // hashes in the file
        bool dirty = false;
    };
    std::filesystem::path folder_;
    std::array<Level, tile_levels> levels_;
    Rows rows_;
    std::uint64_t size_ = 0;
};

}  // namespace yeyak::audit
