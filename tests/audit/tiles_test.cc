#include "audit/proofs/tiles.h"

#include <gtest/gtest.h>

#include "tests/audit/samples.h"

namespace yeyak::audit {
namespace {

TEST(Tiles, paths_are_those_of_the_specification) {
    const std::pair<Tile, std::string> paths[] = {
        {{false, 0, 0}, "tile/0/000"},
        {{false, 0, 1234}, "tile/0/x001/234"},
        {{false, 1, 4, 7}, "tile/1/004.p/7"},
        {{false, 0, 1234067, 8}, "tile/0/x001/x234/067.p/8"},
        {{true, 0, 1000}, "tile/entries/x001/000"},
        {{true, 0, 273, 112}, "tile/entries/273.p/112"},
        {{false, 7, UINT64_MAX}, "tile/7/x018/x446/x744/x073/x709/x551/615"},
    };
    for (const auto& [tile, path] : paths) {
        EXPECT_EQ(tile_path(tile), path);
        EXPECT_EQ(parse_tile_path(path), tile) << path;
    }
}

TEST(Tiles, every_other_text_is_no_path) {
    for (const auto* path : {"",
                             "tile",
                             "tile/0",
                             "tile/0/",
                             "tile/0/0",
                             "tile/0/00",
                             "tile/0/0000",
                             "tile/0/x000/001",
                             "tile/8/000",
                             "tile/00/000",
                             "tile/-1/000",
                             "tile/0/000/",
                             "tile/0/000.p/0",
                             "tile/0/000.p/256",
                             "tile/0/000.p/01",
                             "tile/0/000.p",
                             "tile/0/000.p/",
                             "tile/0/x001",
                             "tile/0/x001/x002",
                             "tile/0/001/002",
                             "tile/0/abc",
                             "tile/entries/x1/000",
                             "/tile/0/000",
                             "tile/data/000",
                             "tile/0/x018/x446/x744/x073/x709/x551/616",
                             "tile/0/x999/x999/x999/x999/x999/x999/x999/999"})
        EXPECT_FALSE(parse_tile_path(path)) << path;
}

TEST(Tiles, a_bundle_holds_entries_behind_their_lengths) {
    std::string bundle;
    EXPECT_TRUE(append_to_bundle(bundle, "abc"));
    EXPECT_TRUE(append_to_bundle(bundle, std::string(258, 'x')));
    EXPECT_EQ(bundle.substr(0, 7), std::string("\0\3abc\1\2", 7));
    EXPECT_TRUE(append_to_bundle(bundle, std::string(65535, 'x')));
    EXPECT_FALSE(append_to_bundle(bundle, std::string(65536, 'x')));
}

TEST(Tiles, levels_hold_roots_of_full_tiles) {
    const auto tree = sample_tree(70'000);
    EXPECT_EQ(hashes_on(0, 70'000), 70'000u);
    EXPECT_EQ(hashes_on(1, 70'000), 273u);
    EXPECT_EQ(hashes_on(2, 70'000), 1u);
    EXPECT_EQ(hashes_on(3, 70'000), 0u);
    EXPECT_EQ(tree.nodes()(16, 0).value(), slow_root({tree.leaves.data(), 65'536}));
    EXPECT_EQ(root_of(tree.nodes(), 70'000).value(), tree.head().root);
}

}  // namespace
}  // namespace yeyak::audit
