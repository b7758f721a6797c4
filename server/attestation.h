// What a view says at a position, as a signed note; see server/attestations.h.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "projections/runner/digest.h"

namespace yeyak::server {

struct Attestation {
    projections::ViewDigest digest;
    std::uint64_t generation = 0;
    std::string note;
};
using AttestationPtr = std::shared_ptr<const Attestation>;

}  // namespace yeyak::server
