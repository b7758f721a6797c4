// Runs the checks over a data folder that nobody else need stop using: nothing in it is written.
#pragma once
#include <functional>

#include "replay-tools/audit/check.h"
#include "replay-tools/platform.h"

namespace yeyak::tools {

struct VerifyOptions {
    std::filesystem::path data;
    std::filesystem::path work_dir;  // must not lie within the data folder
    bool quick = false;
    // A checkpoint that was kept elsewhere: the log must hold all that it covers, unchanged.
    std::optional<std::string> pinned_note = {};
    // Of the signatures; not given: that of `key_file`.
    std::optional<audit::VerifierKey> key = {};
    // Called with the position reached and the log's head; false stops.
    std::function<bool(Position reached, Position head)> reached = {};
    std::filesystem::path key_file = {};  // empty: audit.key in the folder
};

struct Checked {
    CheckPtr check;
    double seconds = 0;
};

struct Verified {
    Position head = 0;
    std::vector<Checked> checks;
    bool ok() const;        // nothing is wrong, as far as was checked
    bool complete() const;  // all was checked
};

// The error is that the folder cannot be opened at all, or that the checks were stopped.
StoreResult<Verified> verify(const Platform& platform, const VerifyOptions& options);

}  // namespace yeyak::tools
