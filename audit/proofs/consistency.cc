#include "audit/proofs/consistency.h"

#include <fmt/format.h>

#include "audit/proofs/proof_json.h"

namespace yeyak::audit {
namespace {

constexpr std::string_view format_name = "yeyak consistency 1";
constexpr std::string_view fields[] = {"format", "from", "to", "consistencyProof"};

}  // namespace

std::string to_json(const ConsistencyProof& proof) {
    return fmt::format(R"({{"format":"{}","from":{},"to":{},"consistencyProof":{}}})", format_name,
                       proof.from, proof.to, hashes_json(proof.proof));
}

Result<ConsistencyProof> parse_consistency_proof(std::string_view json) {
    ConsistencyProof proof;
    const auto read = read_object(json, "consistency proof", fields,
                                  [&](std::string_view name, ondemand::value value) {
                                      if (name == "format") return text_of(value) == format_name;
                                      if (name == "from") return take(value, proof.from);
                                      if (name == "to") return take(value, proof.to);
                                      return take(value, proof.proof);
                                  });
    if (!read) return std::unexpected(read.error());
    return proof;
}

Result<void> verify(const ConsistencyProof& proof, const TreeHead& older, const TreeHead& newer) {
    if (proof.from != older.size || proof.to != newer.size)
        return std::unexpected(
            fmt::format("the consistency proof is for the sizes {} and {}, not {} and {}",
                        proof.from, proof.to, older.size, newer.size));
    return check_consistency(older, newer, proof.proof);
}

}  // namespace yeyak::audit
