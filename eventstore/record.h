// One event as bytes: see FORMAT.md, "Records". Encoding fixes the leaf hash; decoding checks the
// checksum, so that a record that was changed on disk is never served.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "eventstore/event.h"

namespace yeyak::eventstore {

inline constexpr std::uint8_t record_format = 1;

// Also sets event.leaf.
std::string encode_record(RecordedEvent& event);

// The error says what does not fit. Checks the checksum, not the leaf hash: see leaf_matches().
std::expected<RecordedEvent, std::string> decode_record(Position position, std::string_view bytes);

// Recomputes the leaf hash of a stored record from its body.
bool leaf_matches(Position position, std::string_view bytes);

}  // namespace yeyak::eventstore
