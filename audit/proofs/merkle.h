// The Merkle tree over the log: RFC 9162, section 2.1. Leaf i (from 0) is the leaf hash of the
// event at position i + 1, which is SHA-256(0x00 || entry) already (eventstore/record.h); an inner
// node is SHA-256(0x01 || left || right). A tree of n leaves is split at the largest power of two
// below n.
//
// Pure functions and values. Proofs are lists of hashes in the order of the RFC. What is checked
// comes from somebody else and may be anything: sizes and indexes of 64 bits, proofs of any length.
#pragma once
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "eventstore/hash.h"

namespace yeyak::audit {

using Hash = eventstore::Sha256;

// The error is one sentence for people.
template <class T>
using Result = std::expected<T, std::string>;

Hash node_hash(const Hash& left, const Hash& right);

// A tree that grows at its right edge: the roots of its complete subtrees, largest first; at most
// 64 hashes whatever its size.
class Range {
  public:
    void append(const Hash& leaf) { append_subtree(0, leaf); }
    // The root of the next 2^level leaves; size() must be a multiple of 2^level.
    void append_subtree(unsigned level, const Hash& root);

    std::uint64_t size() const { return size_; }
    // Of the empty tree: SHA-256 of nothing.
    Hash root() const;

  private:
    std::uint64_t size_ = 0;
    std::vector<Hash> edge_;
};

// The root of the complete subtree of leaves index * 2^level up to (index + 1) * 2^level.
using Nodes = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

// The root of the first `size` leaves.
Result<Hash> root_of(const Nodes& nodes, std::uint64_t size);

// Proves that leaf `index` is in the tree of `size` leaves; index < size (2.1.3.1).
Result<std::vector<Hash>> prove_inclusion(const Nodes& nodes, std::uint64_t index,
                                          std::uint64_t size);
// Proves that the tree of `to` leaves extends that of `from`; from <= to (2.1.4.1). Empty when
// from is 0 or `to`.
Result<std::vector<Hash>> prove_consistency(const Nodes& nodes, std::uint64_t from,
                                            std::uint64_t to);

// The root that an inclusion proof leads to (2.1.3.2); nothing when the proof cannot be one for
// that index and size.
std::optional<Hash> root_of_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                      std::span<const Hash> proof);
// Ok when the leaf is at `index` of the tree with that root.
Result<void> check_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                             const Hash& root, std::span<const Hash> proof);

struct TreeHead {
    std::uint64_t size = 0;
    Hash root{};
};
// Ok when `newer` extends `older` (2.1.4.2). The empty tree is extended by every tree.
Result<void> check_consistency(const TreeHead& older, const TreeHead& newer,
                               std::span<const Hash> proof);

}  // namespace yeyak::audit
