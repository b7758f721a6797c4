#include "audit/proofs/merkle.h"

#include <gtest/gtest.h>

#include "audit/proofs/base64.h"
#include "tests/audit/samples.h"

namespace yeyak::audit {
namespace {

// The leaves and roots that implementations of RFC 6962 are tested with since 2012; RFC 9162 hashes
// in the same way.
TEST(Merkle, known_roots) {
    using namespace std::string_view_literals;
    const std::string_view leaves[] = {
        ""sv,         "\x00"sv,
        "\x10"sv,     "\x20\x21"sv,
        "\x30\x31"sv, "\x40\x41\x42\x43"sv,
        "PQRSTUVW"sv, "`abcdefghijklmno"sv,
    };
    const std::string_view roots[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    Range range;
    EXPECT_EQ(eventstore::to_hex(range.root()),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (std::size_t i = 0; i < std::size(leaves); ++i) {
        range.append(eventstore::sha256({"\x00"sv, leaves[i]}));
        EXPECT_EQ(eventstore::to_hex(range.root()), roots[i]) << i + 1 << " leaves";
    }
}

constexpr std::uint64_t largest = 130;

TEST(Merkle, every_root_is_that_of_the_definition) {
    const auto tree = sample_tree(largest);
    Range range;
    for (std::uint64_t size = 0; size <= largest; ++size) {
        const auto expected = slow_root({tree.leaves.data(), size});
        EXPECT_EQ(range.root(), expected) << size;
        EXPECT_EQ(root_of(tree.nodes(), size).value(), expected) << size;
        if (size < largest) range.append(tree.leaves[size]);
    }
}

TEST(Merkle, subtrees_add_up_to_the_same_tree) {
    const auto tree = sample_tree(700);
    for (unsigned level : {1u, 3u, 8u}) {
        Range range;
        const auto width = std::uint64_t{1} << level;
        for (std::uint64_t at = 0; at + width <= 700; at += width)
            range.append_subtree(level, tree.nodes()(level, at >> level).value());
        while (range.size() < 700) range.append(tree.leaves[range.size()]);
        EXPECT_EQ(range.root(), slow_root(tree.leaves)) << level;
    }
}

TEST(Merkle, every_inclusion_proof_is_that_of_the_definition_and_verifies) {
    const auto tree = sample_tree(largest);
    for (std::uint64_t size = 1; size <= largest; ++size) {
        const std::span<const Hash> leaves{tree.leaves.data(), size};
        const auto root = slow_root(leaves);
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = prove_inclusion(tree.nodes(), index, size);
            ASSERT_EQ(proof.value(), slow_path(index, leaves)) << index << " of " << size;
            EXPECT_TRUE(check_inclusion(leaves[index], index, size, root, *proof));
            for (std::uint64_t other = 0; other < size; ++other)
                if (other != index) {
                    EXPECT_FALSE(check_inclusion(leaves[index], other, size, root, *proof))
                        << index << " passed as " << other << " of " << size;
                }
        }
        EXPECT_FALSE(prove_inclusion(tree.nodes(), size, size));
    }
}

TEST(Merkle, every_consistency_proof_is_that_of_the_definition_and_verifies) {
    const auto tree = sample_tree(largest);
    for (std::uint64_t to = 0; to <= largest; ++to)
        for (std::uint64_t from = 0; from <= to; ++from) {
            const auto proof = prove_consistency(tree.nodes(), from, to);
            ASSERT_TRUE(proof) << proof.error();
            if (from > 0) {
                ASSERT_EQ(*proof, slow_consistency(from, {tree.leaves.data(), to}))
                    << from << " to " << to;
            }
            EXPECT_TRUE(check_consistency(tree.head(from), tree.head(to), *proof));
            if (from < to) {
                EXPECT_FALSE(check_consistency(tree.head(to), tree.head(from), *proof));
                EXPECT_FALSE(prove_consistency(tree.nodes(), to, from));
            }
        }
}

TEST(Merkle, trees_of_one_size_must_have_one_root) {
    const auto tree = sample_tree(9);
    auto other = tree.head();
    other.root = sample_leaf(77);
    EXPECT_TRUE(check_consistency(tree.head(), tree.head(), {}));
    EXPECT_FALSE(check_consistency(tree.head(), other, {}));
    EXPECT_FALSE(check_consistency({0, other.root}, tree.head(), {}));
}

TEST(Merkle, huge_sizes_and_indexes_are_taken_as_they_are) {
    const std::vector<Hash> proof(64, sample_leaf(1));
    EXPECT_FALSE(check_inclusion(sample_leaf(2), UINT64_MAX, UINT64_MAX, {}, proof));
    EXPECT_FALSE(check_inclusion(sample_leaf(2), UINT64_MAX - 1, UINT64_MAX, {}, proof));
    EXPECT_FALSE(check_inclusion(sample_leaf(2), 0, 0, {}, {}));
    EXPECT_FALSE(check_consistency({UINT64_MAX - 1, {}}, {UINT64_MAX, {}}, proof));
    EXPECT_FALSE(check_consistency({1, {}}, {UINT64_MAX, {}}, {}));
}

TEST(Base64, takes_one_text_for_every_value) {
    for (const std::string bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
        EXPECT_EQ(from_base64(base64(bytes)), bytes);
    EXPECT_EQ(base64(std::string_view{"foob"}), "Zm9vYg==");
    for (const auto* text : {"Zm9vYg=", "Zm9vYg", "Zm9vYh==", "Zm9v\n",
                             " Zm9vYg==", "Zm9vYg== ", "Zm-v", "====", "Z===", "Zm9vYg==Zm9v"})
        EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace yeyak::audit
