// The tree as files that never change (https://c2sp.org/tlog-tiles). A tile holds up to 256 hashes
// side by side: on level 0 leaf hashes, on level L + 1 the roots of full tiles of level L. A bundle
// holds the entries (leaf data) of a tile of level 0, each behind its length in two bytes.
//
//   tile/0/x001/234          full tile 1234 of level 0: leaves 315904 to 316159
//   tile/1/004.p/7           the first 7 hashes of tile 4 of level 1
//   tile/entries/x001/234    the entries of tile/0/x001/234
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/proofs/merkle.h"

namespace yeyak::audit {

inline constexpr unsigned tile_height = 8;
inline constexpr std::uint64_t tile_width = 256;
// Levels that a tree of 2^64 leaves can have.
inline constexpr unsigned tile_levels = 8;
inline constexpr std::size_t max_bundle_entry = 65535;

struct Tile {
    bool entries = false;
    unsigned level = 0;  // 0 for entries
    std::uint64_t index = 0;
    std::uint64_t width = tile_width;  // 1 to 256
    friend bool operator==(const Tile&, const Tile&) = default;
};

// 0 to 2^64 - 1 in decimal digits without leading zeros.
std::optional<std::uint64_t> decimal(std::string_view text);

std::string tile_path(const Tile& tile);
// Nothing for any other text than tile_path() gives.
std::optional<Tile> parse_tile_path(std::string_view path);

// How many hashes level `level` holds in a tree of `size` leaves.
std::uint64_t hashes_on(unsigned level, std::uint64_t size);

// `count` hashes of a level from `first` on.
using TileHashes = std::function<Result<std::vector<Hash>>(unsigned level, std::uint64_t first,
                                                           std::uint64_t count)>;
// Nodes of any level, made of the hashes of tiles.
Nodes nodes_of(TileHashes hashes);

// What leaves add to the rows of all levels: each full tile of a row is one hash of the row above.
class Rows {
  public:
    using Added = std::array<std::vector<Hash>, tile_levels>;
    Added append(std::span<const Hash> leaves);
    // Takes up a row in the middle of a tile: its hashes, fewer than 256.
    void resume(unsigned level, std::vector<Hash> unfilled);
    // The hashes of the tile that is being filled.
    std::span<const Hash> unfilled(unsigned level) const { return unfilled_[level]; }

  private:
    std::array<std::vector<Hash>, tile_levels> unfilled_;
};

// Adds an entry to a bundle. False when it is too long for one.
bool append_to_bundle(std::string& bundle, std::string_view entry);

}  // namespace yeyak::audit
