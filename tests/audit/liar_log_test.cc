// The verifier against a server that lies. A log of 1 MiB is changed in every way that a liar with
// full access to it has: it can recompute checksums, leaf hashes, trees and proofs, and it can take
// any signature that was ever given out. It cannot sign. What is called here is what `yeyak audit
// verify` and `yeyak audit check` call.
#include <gtest/gtest.h>

#include <random>

#include "eventstore/bytes.h"
#include "eventstore/record.h"
#include "tests/audit/victim.h"

namespace yeyak::audit {
namespace {

// What the verifier says of one record, alone and in the tree that was signed.
enum class Seen { nothing, record, leaf, root };

Seen look(std::uint64_t index, const std::string& record) {
    const auto position = index + 1;
    const auto event = eventstore::decode_record(position, record);
    if (!event) return Seen::record;
    if (!eventstore::leaf_matches(position, record)) return Seen::leaf;
    const auto& v = victim();
    // The rest of the log is as it was, so the path leads to the root of the whole changed log.
    const auto root = root_of_inclusion(event->leaf, index, v.head.size, v.paths[index]);
    return root == v.head.root ? Seen::nothing : Seen::root;
}

constexpr std::size_t trailer = 32 + 8;

void reseal(std::uint64_t index, std::string& record) {
    const auto body = record.substr(0, record.size() - trailer);
    std::string prefix(1, '\0');
    eventstore::put_u64_be(prefix, index + 1);
    const auto leaf = eventstore::sha256({prefix, body});
    record = body;
    record.append(reinterpret_cast<const char*>(leaf.data()), leaf.size());
    eventstore::put_u64_be(record, eventstore::xxh3(record, index + 1));
}

TEST(Liar, every_byte_of_the_log_flipped_is_found) {
    const auto& v = victim();
    std::size_t bytes = 0;
    for (const auto& record : v.records) bytes += record.size();
    ASSERT_GE(bytes, log_bytes);
    std::uint64_t flips = 0;
    for (std::uint64_t i = 0; i < v.records.size(); ++i) {
        ASSERT_EQ(look(i, v.records[i]), Seen::nothing) << "the log is whole";
        auto record = v.records[i];
        for (std::size_t at = 0; at < record.size(); ++at) {
            if (++flips % slower != 0) continue;
            const auto good = record[at];
            record[at] = static_cast<char>(good ^ (1 + flips % 255));
            ASSERT_NE(look(i, record), Seen::nothing) << "byte " << at << " of event " << i + 1;
            record[at] = good;
        }
    }
    RecordProperty("flips", static_cast<int>(flips / slower));
}

TEST(Liar, every_byte_flipped_under_new_hashes_is_found) {
    const auto& v = victim();
    std::uint64_t flips = 0, by_root = 0;
    for (std::uint64_t i = 0; i < v.records.size(); ++i)
        for (std::size_t at = 0; at + trailer < v.records[i].size(); ++at) {
            if (++flips % slower != 0) continue;
            auto record = v.records[i];
            record[at] = static_cast<char>(record[at] ^ (1 + flips % 255));
            reseal(i, record);
            const auto seen = look(i, record);
            ASSERT_TRUE(seen == Seen::record || seen == Seen::root)
                << "byte " << at << " of event " << i + 1;
            if (seen == Seen::root) ++by_root;
        }
    EXPECT_GT(by_root, flips / slower / 2) << "most such lies are found by the root alone";
}

// --- whole logs ----------------------------------------------------------------------------------

// The root over records as a verifier makes it; nothing when a record is bad by itself.
std::optional<TreeHead> verified(const std::vector<std::string>& records) {
    Range range;
    for (std::uint64_t i = 0; i < records.size(); ++i) {
        const auto event = eventstore::decode_record(i + 1, records[i]);
        if (!event || !eventstore::leaf_matches(i + 1, records[i])) return std::nullopt;
        range.append(event->leaf);
    }
    return TreeHead{range.size(), range.root()};
}

bool extends_what_was_signed(const std::optional<TreeHead>& found) {
    const auto& head = victim().head;
    return found && found->size >= head.size &&
           (found->size > head.size || found->root == head.root);
}

TEST(Liar, deletions_swaps_insertions_and_truncations_are_found) {
    const auto& v = victim();
    std::mt19937_64 random{42};
    const auto any = [&] { return random() % v.records.size(); };
    for (int round = 0; round < 400 / static_cast<int>(slower) + 4; ++round) {
        auto records = v.records;
        const auto at = static_cast<std::ptrdiff_t>(any());
        switch (round % 4) {
            case 0:
                records.erase(records.begin() + at);
                break;
            case 1:
                std::swap(records[any()], records[static_cast<std::size_t>(at)]);
                break;
            case 2:
                records.insert(records.begin() + at, records[any()]);
                break;
            default:
                records.resize(static_cast<std::size_t>(at));
        }
        if (records == v.records) continue;
        const bool honest_places = round % 8 < 4;
        if (!honest_places)
            for (std::uint64_t i = 0; i < records.size(); ++i) reseal(i, records[i]);
        const auto found = verified(records);
        if (round % 4 == 2 && !honest_places && found) {
            // Longer than what was signed: then the signed part itself is different.
            records.resize(v.records.size());
            const auto part = verified(records);
            EXPECT_NE(part->root, v.head.root);
        } else {
            EXPECT_FALSE(extends_what_was_signed(found)) << "round " << round;
        }
    }
}

TEST(Liar, a_rolled_back_log_has_no_proof_that_it_extends_a_pinned_checkpoint) {
    const auto& v = victim();
    std::mt19937_64 random{7};
    for (int round = 0; round < 2000; ++round) {
        const auto size = random() % v.log.size();
        const auto older = v.tree.head(size % 64);
        std::vector<Hash> proof(random() % 20);
        for (auto& hash : proof) hash = v.tree.leaves[random() % v.tree.leaves.size()];
        EXPECT_FALSE(check_consistency(v.head, older, proof)) << "older";
        auto forked = v.head;
        forked.root = sample_leaf(random());
        EXPECT_FALSE(check_consistency(v.head, forked, proof)) << "fork";
    }
}

}  // namespace
}  // namespace yeyak::audit
