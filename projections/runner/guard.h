// What stands between a rebuilt view and its readers: both builds are read from beginning to end,
// counted anew and digested, as they stood at one moment.
#pragma once
#include "projections/runner/digest.h"

namespace yeyak::projections {

struct Compared {
    ViewDigest live;
    ViewDigest candidate;
    bool counts_right = false;  // what the candidate says of its rows is what it holds
    bool comparable = false;    // same position and same version: the digests must be equal
    bool same() const { return live.digest == candidate.digest; }
};

struct Comparing {
    std::uint32_t version = 0;  // of the projector that built the candidate
    bool same_version = false;
    bool same_position = false;  // whether both must stand at the same position
};
StoreResult<Compared> compare(const ViewStore::Frozen& live, const ViewStore::Frozen& candidate,
                              const Comparing& how);

// Why readers must not see the candidate; `code` is stable. Nothing when they may.
struct Objection {
    std::string_view code;  // counts_wrong, position_differs, empty, digest_differs
    std::string detail;
    bool can_be_accepted = false;  // by somebody who says that differences are wanted
};
std::optional<Objection> objection_to(const Compared& compared, const Comparing& how,
                                      bool accepts_differences);

}  // namespace yeyak::projections
