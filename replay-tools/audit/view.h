// Whether a view says what the log says: the log is folded aside up to a position, and the digest
// must be the one that was attested, or that of the live view.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "projections/runner/digest.h"
#include "projections/runner/projector.h"
#include "replay-tools/replay/compare.h"

namespace yeyak::tools {

// What somebody says that a view is at a position.
struct Claim {
    std::string by;  // "the attestation of yeyak", "the live view"
    std::uint32_t projector_version = 0;
    eventstore::Position position = 0;
    std::optional<std::uint64_t> rows = {};  // when it says so
    eventstore::Sha256 digest{};
};

struct ViewAudit {
    projections::ViewDigest folded;
    struct Compared {
        Claim claim;
        bool same = false;
    };
    std::vector<Compared> compared;  // nothing when there was nothing to compare with
    // Where the live view differs from the fold up to its own checkpoint; only looked for when
    // something is not the same.
    std::optional<Difference> first;
    eventstore::Position first_at = 0;  // the checkpoint at which it was looked for

    bool same() const;
};

struct ViewAuditTask {
    const projections::View& view;
    std::filesystem::path data = {};
    std::filesystem::path work_dir = {};          // outside of the data folder
    std::optional<eventstore::Position> at = {};  // none: that of the claim, else of the live view
    std::optional<Claim> claim = {};
    std::function<bool(eventstore::Position reached)> reached = {};  // false stops
    std::function<void(eventstore::Position last)> begins = {};
};

// Nothing in the data folder is written; works beside a running server.
eventstore::StoreResult<ViewAudit> audit_view(const ViewAuditTask& task);

}  // namespace yeyak::tools
