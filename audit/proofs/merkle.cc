#include "audit/proofs/merkle.h"

#include <algorithm>
#include <bit>

#include "kernel/ensure.h"

namespace yeyak::audit {
namespace {

std::string_view bytes(const Hash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// The largest power of two below n; n > 1.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

// The root of leaves `begin` to `end`; a range that a proof speaks of begins at a multiple of the
// power of two above its length.
Result<Hash> range_root(const Nodes& nodes, std::uint64_t begin, std::uint64_t end) {
    const auto size = end - begin;
    if (std::has_single_bit(size)) {
        const auto level = static_cast<unsigned>(std::countr_zero(size));
        return nodes(level, begin >> level);
    }
    const auto middle = begin + split(size);
    const auto left = range_root(nodes, begin, middle);
    if (!left) return left;
    const auto right = range_root(nodes, middle, end);
    if (!right) return right;
    return node_hash(*left, *right);
}

Result<void> append_root(std::vector<Hash>& proof, const Nodes& nodes, std::uint64_t begin,
                         std::uint64_t end) {
    const auto root = range_root(nodes, begin, end);
    if (!root) return std::unexpected(root.error());
    proof.push_back(*root);
    return {};
}

}  // namespace

Hash node_hash(const Hash& left, const Hash& right) {
    constexpr std::string_view prefix{"\x01", 1};
    return eventstore::sha256({prefix, bytes(left), bytes(right)});
}

void Range::append_subtree(unsigned level, const Hash& root) {
    const auto leaves = std::uint64_t{1} << level;
    ensure(size_ % leaves == 0, "a subtree begins at a multiple of its size");
    auto merged = root;
    for (auto above = size_ >> level; (above & 1) != 0; above >>= 1) {
        merged = node_hash(edge_.back(), merged);
        edge_.pop_back();
    }
    edge_.push_back(merged);
    size_ += leaves;
}

Hash Range::root() const {
    if (edge_.empty()) return eventstore::sha256({});
    auto root = edge_.back();
    for (auto left = edge_.rbegin() + 1; left != edge_.rend(); ++left)
        root = node_hash(*left, root);
    return root;
}

Result<Hash> root_of(const Nodes& nodes, std::uint64_t size) {
    if (size == 0) return Range{}.root();
    return range_root(nodes, 0, size);
}

Result<std::vector<Hash>> prove_inclusion(const Nodes& nodes, std::uint64_t index,
                                          std::uint64_t size) {
    if (index >= size) return std::unexpected("the tree has no such leaf");
    std::vector<Hash> proof;
    std::uint64_t begin = 0;
    for (auto end = size; end - begin > 1;) {
        const auto middle = begin + split(end - begin);
        const bool in_left = index < middle;
        const auto added = in_left ? append_root(proof, nodes, middle, end)
                                   : append_root(proof, nodes, begin, middle);
        if (!added) return std::unexpected(added.error());
        (in_left ? end : begin) = middle;
    }
    std::ranges::reverse(proof);
    return proof;
}

Result<std::vector<Hash>> prove_consistency(const Nodes& nodes, std::uint64_t from,
                                            std::uint64_t to) {
    if (from > to) return std::unexpected("the older tree is the larger one");
    std::vector<Hash> proof;
    if (from == 0 || from == to) return proof;
    std::uint64_t begin = 0;
    auto end = to;
    while (end != from) {
        const auto middle = begin + split(end - begin);
        const bool in_left = from <= middle;
        const auto added = in_left ? append_root(proof, nodes, middle, end)
                                   : append_root(proof, nodes, begin, middle);
        if (!added) return std::unexpected(added.error());
        (in_left ? end : begin) = middle;
    }
    // The older tree itself is known to who checks, unless it was split on the way.
    if (begin != 0)
        if (const auto added = append_root(proof, nodes, begin, end); !added)
            return std::unexpected(added.error());
    std::ranges::reverse(proof);
    return proof;
}

std::optional<Hash> root_of_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                      std::span<const Hash> proof) {
    if (index >= size) return std::nullopt;
    auto fn = index;
    auto sn = size - 1;
    auto root = leaf;
    for (const auto& sibling : proof) {
        if (sn == 0) return std::nullopt;
        const bool is_right = (fn & 1) != 0 || fn == sn;
        root = is_right ? node_hash(sibling, root) : node_hash(root, sibling);
        if (is_right)
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        fn >>= 1;
        sn >>= 1;
    }
    if (sn != 0) return std::nullopt;
    return root;
}

Result<void> check_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                             const Hash& root, std::span<const Hash> proof) {
    if (index >= size) return std::unexpected("the leaf lies beyond the end of the tree");
    const auto found = root_of_inclusion(leaf, index, size, proof);
    if (!found) return std::unexpected("the inclusion proof has the wrong length");
    if (*found != root)
        return std::unexpected("the inclusion proof does not lead to the root of the tree");
    return {};
}

Result<void> check_consistency(const TreeHead& older, const TreeHead& newer,
                               std::span<const Hash> proof) {
    if (older.size > newer.size) return std::unexpected("the older tree is the larger one");
    if (older.size == newer.size || older.size == 0) {
        if (!proof.empty()) return std::unexpected("the consistency proof must be empty");
        if (older.size == 0 && older.root != Range{}.root())
            return std::unexpected("the root of the empty tree is wrong");
        if (older.size == newer.size && older.root != newer.root)
            return std::unexpected("two trees of the same size have different roots");
        return {};
    }
    const bool whole = std::has_single_bit(older.size);
    if (!whole && proof.empty()) return std::unexpected("the consistency proof is empty");
    auto fn = older.size - 1;
    auto sn = newer.size - 1;
    for (; (fn & 1) != 0; fn >>= 1) sn >>= 1;
    auto from_root = whole ? older.root : proof.front();
    auto to_root = from_root;
    for (const auto& hash : proof.subspan(whole ? 0 : 1)) {
        if (sn == 0) return std::unexpected("the consistency proof is too long");
        if ((fn & 1) != 0 || fn == sn) {
            from_root = node_hash(hash, from_root);
            to_root = node_hash(hash, to_root);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1) sn >>= 1;
        } else {
            to_root = node_hash(to_root, hash);
        }
        fn >>= 1;
        sn >>= 1;
    }
    if (sn != 0) return std::unexpected("the consistency proof is too short");
    if (from_root != older.root)
        return std::unexpected("the consistency proof does not lead to the older root");
    if (to_root != newer.root)
        return std::unexpected("the consistency proof does not lead to the newer root");
    return {};
}

}  // namespace yeyak::audit
