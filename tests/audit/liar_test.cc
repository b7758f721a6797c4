// The verifier against a server that lies. A log of 1 MiB is changed in every way that a liar with
// full access to it has: it can recompute checksums, leaf hashes, trees and proofs, and it can take
// any signature that was ever given out. It cannot sign. What is called here is what `yeyak audit
// verify` and `yeyak audit check` call.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "audit/base64.h"
#include "audit/consistency.h"
#include "eventstore/bytes.h"
#include "eventstore/record.h"
#include "tests/audit/samples.h"

namespace yeyak::audit {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t slower = 50;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::uint64_t slower = 50;
#else
constexpr std::uint64_t slower = 1;
#endif
#else
constexpr std::uint64_t slower = 1;
#endif

constexpr std::size_t log_bytes = 1 << 20;

struct Victim {
    Victim() {
        log = sample_log(4000);
        std::size_t bytes = 0;
        for (auto& event : log) {
            auto record = eventstore::encode_record(event);
            if (bytes + record.size() > log_bytes) record.resize(log_bytes - bytes);
            bytes += record.size();
            records.push_back(std::move(record));
            if (bytes == log_bytes) break;
        }
        // The last record is whole, too: what is left over goes into its payload.
        auto& last = log[records.size() - 1];
        last.data.payload = R"({"last":true})";
        const auto begin = bytes - records.back().size();
        records.back() = eventstore::encode_record(last);
        if (begin + records.back().size() < log_bytes) {
            last.data.payload =
                fmt::format(R"({{"last":"{}"}})",
                            std::string(log_bytes - begin - records.back().size() - 9, 'x'));
            records.back() = eventstore::encode_record(last);
        }
        log.resize(records.size());
        tree = tree_of(log);
        head = tree.head();
        for (std::uint64_t i = 0; i < log.size(); ++i)
            paths.push_back(prove_inclusion(cached_nodes(), i, log.size()).value());
    }
    // The tiles of SampleTree are made anew for every question; here there are many.
    Nodes cached_nodes() {
        if (rows.empty()) {
            Rows growing;
            auto added = growing.append(tree.leaves);
            rows.assign(added.begin(), added.end());
        }
        return nodes_of([this](unsigned level, std::uint64_t first,
                               std::uint64_t count) -> Result<std::vector<Hash>> {
            if (first + count > rows[level].size()) return std::unexpected("no such hash");
            const auto begin = rows[level].begin() + static_cast<std::ptrdiff_t>(first);
            return std::vector<Hash>{begin, begin + static_cast<std::ptrdiff_t>(count)};
        });
    }
    Receipt receipt(std::uint64_t position) {
        return make_receipt(log[position - 1], checkpoint(), cached_nodes()).value();
    }
    SignedCheckpoint checkpoint() const { return sign_checkpoint(head, key); }

    std::vector<eventstore::RecordedEvent> log;
    std::vector<std::string> records;
    SampleTree tree;
    TreeHead head;
    SigningKey key = sample_key();
    std::vector<std::vector<Hash>> paths;
    std::vector<std::vector<Hash>> rows;
};

Victim& victim() {
    static Victim one;
    return one;
}

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

TEST(Liar, EveryByteOfTheLogFlippedIsFound) {
    auto& v = victim();
    std::size_t bytes = 0;
    for (const auto& record : v.records) bytes += record.size();
    ASSERT_GE(bytes, log_bytes - 64);
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

TEST(Liar, EveryByteFlippedUnderNewHashesIsFound) {
    auto& v = victim();
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

TEST(Liar, DeletionsSwapsInsertionsAndTruncationsAreFound) {
    auto& v = victim();
    std::mt19937_64 random{42};
    const auto any = [&] { return random() % v.records.size(); };
    for (int round = 0; round < 400 / static_cast<int>(slower) + 4; ++round) {
        auto records = v.records;
        const auto at = static_cast<std::ptrdiff_t>(any());
        switch (round % 4) {
            case 0: records.erase(records.begin() + at); break;
            case 1: std::swap(records[any()], records[static_cast<std::size_t>(at)]); break;
            case 2: records.insert(records.begin() + at, records[any()]); break;
            default: records.resize(static_cast<std::size_t>(at));
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

TEST(Liar, ARolledBackLogHasNoProofThatItExtendsAPinnedCheckpoint) {
    auto& v = victim();
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
                if (!proof.empty()) proof[at][random() % 32] ^= static_cast<std::uint8_t>(
                    1 << random() % 8);
                break;
            case 3:
                if (!proof.empty()) proof.erase(place);
                break;
            case 4:
                proof.insert(place, proof.empty() ? sample_leaf(1) : proof[random() % proof.size()]);
                break;
            default:
                if (!proof.empty()) std::swap(proof[at], proof[random() % proof.size()]);
        }
    }
    return proof;
}

TEST(Liar, NoMutatedInclusionProofIsAccepted) {
    const auto tree = sample_tree(1200);
    std::mt19937_64 random{1};
    Rows growing;
    const auto rows = growing.append(tree.leaves);
    const auto nodes = nodes_of([&](unsigned level, std::uint64_t first,
                                    std::uint64_t count) -> Result<std::vector<Hash>> {
        const auto begin = rows[level].begin() + static_cast<std::ptrdiff_t>(first);
        return std::vector<Hash>{begin, begin + static_cast<std::ptrdiff_t>(count)};
    });
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
            if (other != index) ASSERT_FALSE(check_inclusion(leaf, other, size, root, proof));
            auto bad = leaf;
            bad[random() % 32] ^= static_cast<std::uint8_t>(1 << random() % 8);
            ASSERT_FALSE(check_inclusion(bad, index, size, root, proof)) << "another leaf";
            auto bad_root = root;
            bad_root[random() % 32] ^= static_cast<std::uint8_t>(1 << random() % 8);
            ASSERT_FALSE(check_inclusion(leaf, index, size, bad_root, proof)) << "another root";
        }
    }
}

TEST(Liar, NoMutatedConsistencyProofIsAccepted) {
    const auto tree = sample_tree(1200);
    std::mt19937_64 random{2};
    Rows growing;
    const auto rows = growing.append(tree.leaves);
    const auto nodes = nodes_of([&](unsigned level, std::uint64_t first,
                                    std::uint64_t count) -> Result<std::vector<Hash>> {
        const auto begin = rows[level].begin() + static_cast<std::ptrdiff_t>(first);
        return std::vector<Hash>{begin, begin + static_cast<std::ptrdiff_t>(count)};
    });
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
            if (size != from)
                ASSERT_FALSE(check_consistency({size, older.root}, newer, proof)) << "other size";
        }
    }
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
        case 0: text[at] = static_cast<char>(text[at] ^ (1 << random() % 8)); break;
        case 1: text[at] = static_cast<char>(random()); break;
        case 2: text.erase(at, 1 + random() % 3); break;
        case 3: text.insert(at, 1, text[random() % text.size()]); break;
        default: std::swap(text[at], text[random() % text.size()]);
    }
    return text;
}

TEST(Liar, NoMutatedReceiptIsAcceptedUnlessItSaysTheSame) {
    auto& v = victim();
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

TEST(Liar, NoReceiptWithAFieldOfAnotherIsAccepted) {
    auto& v = victim();
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

TEST(Liar, ALogThatSignsWhatItCannotSignIsNotBelieved) {
    // The liar changes an event, builds a tree of its own over it, and a proof that fits; only the
    // signature is left to take from somewhere.
    auto& v = victim();
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

TEST(Liar, NoMutatedNoteIsAccepted) {
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
