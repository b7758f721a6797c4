#include "audit/proofs/tiles.h"

#include <fmt/format.h>

#include <charconv>

namespace yeyak::audit {
namespace {

// "x001/234" as 1234; the path must begin with it, which is then removed.
std::optional<std::uint64_t> take_index(std::string_view& path) {
    std::string digits;
    while (true) {
        const bool more = path.starts_with('x');
        if (more) path.remove_prefix(1);
        if (path.size() < 3 || digits.size() > 18) return std::nullopt;
        digits += path.substr(0, 3);
        path.remove_prefix(3);
        if (!more) break;
        if (!path.starts_with('/')) return std::nullopt;
        path.remove_prefix(1);
    }
    if (digits.size() > 3 && digits.starts_with("000")) return std::nullopt;
    const auto first = digits.find_first_not_of('0');
    return first == digits.npos ? 0 : decimal(std::string_view{digits}.substr(first));
}

// The root above hashes, which are a power of two; takes them.
Hash fold(std::vector<Hash>& row) {
    for (auto size = row.size(); size > 1; size /= 2)
        for (std::size_t i = 0; i < size / 2; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
    return row.front();
}

}  // namespace

std::optional<std::uint64_t> decimal(std::string_view text) {
    std::uint64_t number = 0;
    const auto end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || read != end || (text.size() > 1 && text[0] == '0'))
        return std::nullopt;
    return number;
}

std::string tile_path(const Tile& tile) {
    auto index = fmt::format("{:03}", tile.index % 1000);
    for (auto rest = tile.index / 1000; rest > 0; rest /= 1000)
        index = fmt::format("x{:03}/{}", rest % 1000, index);
    const auto level = tile.entries ? "entries" : fmt::format("{}", tile.level);
    const auto part = tile.width == tile_width ? "" : fmt::format(".p/{}", tile.width);
    return fmt::format("tile/{}/{}{}", level, index, part);
}

std::optional<Tile> parse_tile_path(std::string_view path) {
    constexpr std::string_view begin = "tile/";
    if (!path.starts_with(begin)) return std::nullopt;
    auto rest = path.substr(begin.size());
    Tile tile;
    const auto level = rest.substr(0, rest.find('/'));
    tile.entries = level == "entries";
    if (!tile.entries) {
        const auto number = decimal(level);
        if (!number || *number >= tile_levels) return std::nullopt;
        tile.level = static_cast<unsigned>(*number);
    }
    if (rest.size() == level.size()) return std::nullopt;
    rest.remove_prefix(level.size() + 1);
    const auto index = take_index(rest);
    if (!index) return std::nullopt;
    tile.index = *index;
    if (rest.starts_with(".p/")) {
        const auto width = decimal(rest.substr(3));
        if (!width || *width == 0 || *width >= tile_width) return std::nullopt;
        tile.width = *width;
        rest = {};
    }
    if (!rest.empty() || tile_path(tile) != path) return std::nullopt;
    return tile;
}

std::uint64_t hashes_on(unsigned level, std::uint64_t size) {
    return level >= tile_levels ? 0 : size >> (tile_height * level);
}

Nodes nodes_of(TileHashes hashes) {
    return [read = std::move(hashes)](unsigned level, std::uint64_t index) -> Result<Hash> {
        const auto above = level % tile_height;
        auto row = read(level / tile_height, index << above, std::uint64_t{1} << above);
        if (!row) return std::unexpected(std::move(row).error());
        return fold(*row);
    };
}

Rows::Added Rows::append(std::span<const Hash> leaves) {
    Added added;
    added[0].assign(leaves.begin(), leaves.end());
    for (unsigned level = 0; level < tile_levels; ++level)
        for (const auto& hash : added[level]) {
            auto& tile = unfilled_[level];
            tile.push_back(hash);
            if (tile.size() < tile_width) continue;
            if (level + 1 < tile_levels) added[level + 1].push_back(fold(tile));
            tile.clear();
        }
    return added;
}

void Rows::resume(unsigned level, std::vector<Hash> unfilled) {
    unfilled_[level] = std::move(unfilled);
}

bool append_to_bundle(std::string& bundle, std::string_view entry) {
    if (entry.size() > max_bundle_entry) return false;
    bundle += static_cast<char>(entry.size() >> 8);
    bundle += static_cast<char>(entry.size() & 0xff);
    bundle += entry;
    return true;
}

}  // namespace yeyak::audit
