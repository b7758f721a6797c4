// Appends of other programs: a commit, straight to the store, with an idempotency key of its own.
// They share the sequencer, the log and the durability of the core, and nothing else.
//
// An event that its writer has named is recorded once (event_ids.h).
#pragma once
#include <boost/describe.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "aggregates/engine/guard.h"
#include "eventstore/event_store.h"
#include "eventstore/sequencer.h"
#include "kernel/message.h"

namespace yeyak::server {

struct AppendCall {
    eventstore::Commit commit;    // actors are filled in
    Cause cause;                  // of events that name no correlation or causation of their own
    std::string idempotency_key;  // with its scope; empty: none
    std::string fingerprint;
    std::optional<Guard> guard;  // of one of the streams, beyond what the commit expects
};

enum class AppendEnd {
    ok,
    wrong_expected_version,
    condition_failed,
    commit_too_large,
    condition_too_wide,
    idempotency_key_reused,
    event_id_used
};
BOOST_DESCRIBE_ENUM(AppendEnd, ok, wrong_expected_version, condition_failed, commit_too_large,
                    condition_too_wide, idempotency_key_reused, event_id_used)

// What is kept under the key is the same, so that a retry answers alike.
struct AppendOutcome {
    AppendEnd code = AppendEnd::ok;
    std::string fingerprint;
    std::uint64_t first = 0;  // positions
    std::uint64_t last = 0;
    std::vector<std::uint64_t> versions;  // last version of each append
    std::string stream;                   // of a conflict
    std::uint64_t found = 0;              // its version
    std::uint64_t index = 0;              // which append, condition or event
    std::uint64_t position = 0;           // the event that broke a condition or has the id
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(AppendOutcome, (),
                      (code, fingerprint, first, last, versions, stream, found, index, position,
                       detail))

using AppendDone = std::move_only_function<void(const eventstore::StoreResult<AppendOutcome>&)>;

// `done` is called on the sequencer's thread.
eventstore::WorkPtr append_work(AppendCall call, AppendDone done);

}  // namespace yeyak::server
