// Proofs, receipts and notes that were altered on the way, or made by a liar who cannot sign. What
// is called here is what `yeyak audit check` and `yeyak audit consistency` call.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "audit/proofs/base64.h"
#include "audit/proofs/consistency.h"
#include "eventstore/record.h"
#include "tests/audit/victim.h"

namespace yeyak::audit {
namespace {

// --- proofs --------------------------------------------------------------------------------------

// One change of a list of hashes that leaves another list.
std::vector<Hash> mutated(std::vector<Hash> proof, std::mt19937_64& random) {
    const auto before = proof;
    while (proof == before) {
        const auto at = proof.empty() ? 0 : random() % proof.size();
        const auto place = proof.begin() + static_cast<std::ptrdiff_t>(at);
        switch (random() % 6) {
            case 0:
            case 1:
            case 2:
                if (!proof.empty())
                    proof[at][random() % 32] ^= static_cast<std::uint8_t>(1 << random() % 8);
                break;
            case 3:
                if (!proof.empty()) proof.erase(place);
                break;
            case 4:
                proof.insert(place,
                             proof.empty() ? sample_leaf(1) : proof[random() % proof.size()]);
                break;
            default:
                if (!proof.empty()) std::swap(proof[at], proof[random() % proof.size()]);
        }
    }
    return proof;
}

TEST(Liar, no_mutated_inclusion_proof_is_accepted) {
    std::uint64_t lies = 0;
    const auto tree = sample_tree(1200);
    std::mt19937_64 random{1};
    const auto rows = rows_of(tree);
    const auto nodes = nodes_of_rows(rows);
    for (std::uint64_t round = 0; round < 4000 / slower; ++round) {
        const auto size = 1 + random() % tree.leaves.size();
        const auto index = random() % size;
        const auto root = root_of(nodes, size).value();
        const auto proof = prove_inclusion(nodes, index, size).value();
        const auto& leaf = tree.leaves[index];
        ASSERT_TRUE(check_inclusion(leaf, index, size, root, proof));
        for (int i = 0; i < 120; ++i) {
            ASSERT_FALSE(check_inclusion(leaf, index, size, root, mutated(proof, random)));
            const auto other = random() % size;
            if (other != index) {
                ASSERT_FALSE(check_inclusion(leaf, other, size, root, proof)) << "other place";
            }
            auto bad = leaf;
            bad[random() % 32] ^= static_cast<std::uint8_t>(1 << random() % 8);
            ASSERT_FALSE(check_inclusion(bad, index, size, root, proof)) << "another leaf";
            auto bad_root = root;
            bad_root[random() % 32] ^= static_cast<std::uint8_t>(1 << random() % 8);
            ASSERT_FALSE(check_inclusion(leaf, index, size, bad_root, proof)) << "another root";
            lies += 3;
        }
    }
    EXPECT_GE(lies, 1'000'000 / slower);
}

TEST(Liar, no_mutated_consistency_proof_is_accepted) {
    std::uint64_t lies = 0;
    const auto tree = sample_tree(1200);
    std::mt19937_64 random{2};
    const auto rows = rows_of(tree);
    const auto nodes = nodes_of_rows(rows);
    for (std::uint64_t round = 0; round < 3000 / slower; ++round) {
        const auto to = 2 + random() % (tree.leaves.size() - 1);
        const auto from = 1 + random() % (to - 1);
        const TreeHead older{from, root_of(nodes, from).value()};
        const TreeHead newer{to, root_of(nodes, to).value()};
        const auto proof = prove_consistency(nodes, from, to).value();
        ASSERT_TRUE(check_consistency(older, newer, proof));
        for (int i = 0; i < 60; ++i) {
            ASSERT_FALSE(check_consistency(older, newer, mutated(proof, random)))
                << from << " to " << to;
            auto bad = older;
            bad.root[random() % 32] ^= static_cast<std::uint8_t>(1 << random() % 8);
            ASSERT_FALSE(check_consistency(bad, newer, proof)) << "another past";
            bad = newer;
            bad.root[random() % 32] ^= static_cast<std::uint8_t>(1 << random() % 8);
            ASSERT_FALSE(check_consistency(older, bad, proof)) << "another present";
            const auto size = 1 + random() % (to - 1);
            if (size != from) {
                ASSERT_FALSE(check_consistency({size, older.root}, newer, proof)) << "other size";
            }
            lies += 3;
        }
    }
    EXPECT_GE(lies, 500'000 / slower);
}

// --- receipts and notes --------------------------------------------------------------------------

// Everything about a receipt that means something.
std::string meaning(const Receipt& receipt) {
    return fmt::format("{}|{}|{}|{}|{}|{}", base64(receipt.entry), receipt.leaf_index,
                       base64(receipt.leaf_hash), receipt.tree_size, receipt.checkpoint,
                       receipt.proof.size());
}

std::string mutated(std::string text, std::mt19937_64& random) {
    const auto at = random() % text.size();
    switch (random() % 5) {
        case 0:
            text[at] = static_cast<char>(text[at] ^ (1 << random() % 8));
            break;
        case 1:
            text[at] = static_cast<char>(random());
            break;
        case 2:
            text.erase(at, 1 + random() % 3);
            break;
        case 3:
            text.insert(at, 1, text[random() % text.size()]);
            break;
        default:
            std::swap(text[at], text[random() % text.size()]);
    }
    return text;
}

TEST(Liar, no_mutated_receipt_is_accepted_unless_it_says_the_same) {
    const auto& v = victim();
    std::mt19937_64 random{3};
    const auto& key = v.key.verifier();
    std::uint64_t tried = 0, same = 0;
    for (std::uint64_t round = 0; round < 1000 / slower + 2; ++round) {
        const auto good = v.receipt(1 + random() % v.log.size());
        const auto json = to_json(good);
        ASSERT_TRUE(verify(good, key));
        for (int i = 0; i < 300; ++i) {
            const auto text = mutated(json, random);
            const auto receipt = parse_receipt(text);
            ++tried;
            if (!receipt || !verify(*receipt, key)) continue;
            ++same;  // white space was added, or nothing changed
            ASSERT_EQ(meaning(*receipt), meaning(good)) << text;
        }
    }
    EXPECT_LT(same, tried / 20);
}

TEST(Liar, no_receipt_with_a_field_of_another_is_accepted) {
    const auto& v = victim();
    std::mt19937_64 random{4};
    const auto& key = v.key.verifier();
    const auto past = sign_checkpoint(v.tree.head(v.log.size() / 2), v.key);
    for (std::uint64_t round = 0; round < 1500 / slower + 2; ++round) {
        const auto a = v.receipt(1 + random() % v.log.size());
        const auto b = v.receipt(1 + random() % v.log.size());
        if (a.entry == b.entry) continue;
        std::vector<Receipt> lies(11, a);
        lies[0].entry = b.entry;
        lies[1].leaf_index = b.leaf_index;
        lies[2].leaf_hash = b.leaf_hash;
        lies[3].proof = b.proof;
        lies[4].event = b.event;
        lies[5].tree_size += 1 + random() % 9;
        lies[6].checkpoint = past.note;
        lies[7].checkpoint = past.note, lies[7].tree_size = past.checkpoint.head.size;
        lies[8].entry = b.entry, lies[8].leaf_hash = b.leaf_hash, lies[8].event = b.event;
        lies[9].checkpoint = sign_checkpoint(v.head, sample_key("yeyak", 2)).note;
        lies[10].checkpoint = sign_checkpoint(v.head, sample_key("other", 1)).note;
        for (std::size_t i = 0; i < lies.size(); ++i)
            ASSERT_FALSE(verify(lies[i], key)) << "lie " << i;
    }
}

TEST(Liar, a_log_that_signs_what_it_cannot_sign_is_not_believed) {
    // The liar changes an event, builds a tree of its own over it, and a proof that fits; only the
    // signature is left to take from somewhere.
    const auto& v = victim();
    auto forged = v.log[99];
    forged.data.payload = R"({"nothing":"happened"})";
    eventstore::encode_record(forged);
    auto tree = v.tree;
    tree.leaves[99] = forged.leaf;
    const auto liar = sign_checkpoint(tree.head(), sample_key("yeyak", 9));
    auto receipt = make_receipt(forged, liar, tree.nodes()).value();
    EXPECT_FALSE(verify(receipt, v.key.verifier())) << "its own key";
    const auto note = v.checkpoint().note;
    const auto text = checkpoint_text(liar.checkpoint);
    receipt.checkpoint = text + note.substr(note.find("\n\n") + 1);
    EXPECT_FALSE(verify(receipt, v.key.verifier())) << "the signature of the true checkpoint";
    receipt.checkpoint = note;
    EXPECT_FALSE(verify(receipt, v.key.verifier())) << "the true checkpoint";
}

TEST(Liar, no_mutated_note_is_accepted) {
    const auto key = sample_key();
    std::mt19937_64 random{5};
    for (std::uint64_t round = 0; round < 100 / slower + 1; ++round) {
        const auto note = sign_checkpoint({random() % 100'000, sample_leaf(round)}, key).note;
        const auto other = sign_checkpoint({random() % 100'000, sample_leaf(round + 1)}, key).note;
        ASSERT_TRUE(open_checkpoint(note, key.verifier()));
        const auto cut = note.find("\n\n") + 2;
        ASSERT_FALSE(open_checkpoint(note.substr(0, cut) + other.substr(other.find("\n\n") + 2),
                                     key.verifier()));
        for (std::size_t bit = 0; bit < note.size() * 8; bit += 1 + random() % 3) {
            auto flipped = note;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
            ASSERT_FALSE(open_checkpoint(flipped, key.verifier())) << flipped;
        }
        for (std::size_t size = 0; size < note.size(); ++size)
            ASSERT_FALSE(open_checkpoint(note.substr(0, size), key.verifier()));
    }
}

}  // namespace
}  // namespace yeyak::audit
