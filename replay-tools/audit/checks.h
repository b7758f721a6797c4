// All checks of `yeyak audit verify`, in the order in which they are printed. A new check is its
// class, its function here, and one line in the table of checks.cc.
#pragma once
#include "replay-tools/audit/check.h"
#include "replay-tools/platform.h"

namespace yeyak::tools {

// `quick` leaves out what takes long: leaf hashes, decoding, sagas, money and views.
std::vector<CheckPtr> all_checks(const Platform& platform, bool quick);

CheckPtr check_opens();        // the store opens the log: what a server would see
CheckPtr check_positions();    // 1, 2, 3 … without gaps
CheckPtr check_checksums();    // every record is as it was written
CheckPtr check_leaves();       // every leaf hash is that of its record
CheckPtr check_tree();         // root, stored tiles, signed checkpoints
CheckPtr check_witness();      // the log reaches what the witness has seen
CheckPtr check_streams();      // versions are gapless; index and log name the same events
CheckPtr check_postings();     // the index by category, type and tag, and the log
CheckPtr check_times();        // where times go back is known
CheckPtr check_idempotency();  // every kept answer is about an event that exists
CheckPtr check_outbox();
CheckPtr check_timers();
CheckPtr check_inbox();
CheckPtr check_event_ids();                                     // every name is that of its event
CheckPtr check_events(std::span<const AuditedSystem> systems);  // every event can be read
CheckPtr check_sagas(std::span<const AuditedSystem> systems);   // ended, or waiting for something
CheckPtr check_payments();                                      // one capture, no refund above it
CheckPtr check_money(std::span<const AuditedSystem> systems);   // what is kept is what is owed
CheckPtr check_views(const projections::Views& views);  // the fold of the log, byte for byte

}  // namespace yeyak::tools
