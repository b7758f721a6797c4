// One event as bytes: see FORMAT.md, "Records". Encoding fixes the leaf hash; decoding checks the
// checksum, so that a record that was changed on disk is never served.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "eventstore/event.h"

namespace yeyak::eventstore {

// In the format that the event names. Also sets event.leaf.
std::string encode_record(RecordedEvent& event);

// The error says what does not fit. Checks the checksum, not the leaf hash: see leaf_matches().
std::expected<RecordedEvent, std::string> decode_record(Position position, std::string_view bytes);

// The leaf data that the leaf hash covers: the position in 8 bytes, then all fields of the record
// before the leaf hash. Whoever has it can recompute leaf_of_entry() without the log.
std::string encode_entry(const RecordedEvent& event);
// Also sets the event's position and leaf. An entry holds no checksum.
std::expected<RecordedEvent, std::string> decode_entry(std::string_view entry);
LeafHash leaf_of_entry(std::string_view entry);

// Recomputes the leaf hash of a stored record from its body.
bool leaf_matches(Position position, std::string_view bytes);

}  // namespace yeyak::eventstore
