// Logs, trees and keys for the tests of proofs.
#pragma once
#include <string>
#include <vector>

#include "audit/proofs/receipt.h"
#include "audit/proofs/tiles.h"
#include "eventstore/event.h"

namespace yeyak::audit {

// A tree whose leaves are in memory, through the same tiles as on disk.
struct SampleTree {
    std::vector<Hash> leaves;

    Nodes nodes() const;
    TreeHead head(std::uint64_t size) const;
    TreeHead head() const { return head(leaves.size()); }
};

Hash sample_leaf(std::uint64_t number);
SampleTree sample_tree(std::uint64_t size);

// Events 1, 2, 3 …, with leaf hashes; of between 200 and 500 bytes each.
std::vector<eventstore::RecordedEvent> sample_log(std::uint64_t size);
SampleTree tree_of(const std::vector<eventstore::RecordedEvent>& log);

// Fixed keys, so that a failure can be repeated.
SigningKey sample_key(const std::string& name = "yeyak", int number = 1);

// The definitions of RFC 9162, word for word and slow.
Hash slow_root(std::span<const Hash> leaves);
std::vector<Hash> slow_path(std::uint64_t index, std::span<const Hash> leaves);
std::vector<Hash> slow_consistency(std::uint64_t from, std::span<const Hash> leaves);

}  // namespace yeyak::audit
