// That one checkpoint extends another, as one JSON object, checked without the log:
//
//   {"format":"yeyak consistency 1","from":700,"to":1204,"consistencyProof":["…"]}
//
// Hashes in base64, in the order of RFC 9162.
#pragma once
#include "audit/proofs/checkpoint.h"

namespace yeyak::audit {

struct ConsistencyProof {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::vector<Hash> proof;
};

std::string to_json(const ConsistencyProof& proof);
// Every field once and no other; white space is free.
Result<ConsistencyProof> parse_consistency_proof(std::string_view json);

// Ok when the proof is of these two trees and `newer` extends `older`.
Result<void> verify(const ConsistencyProof& proof, const TreeHead& older, const TreeHead& newer);

}  // namespace yeyak::audit
