// An event as its writer gives it and as the log records it. Plain values; no threads, no I/O.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernel/time.h"

namespace yeyak::eventstore {

// Place in the whole log: 1, 2, 3 … without gaps, in commit order. 0 is before the first event.
using Position = std::uint64_t;
// Place in a stream: 1, 2, 3 … without gaps. 0 is a stream that does not exist.
using Version = std::uint64_t;

// SHA-256(0x00 || position || record body), the leaf of RFC 9162 section 2.1; fixed at append.
using LeafHash = std::array<std::uint8_t, 32>;

struct NewEvent {
    std::string type;               // "payment.payment_completed.v1"; 1 to 200 bytes
    std::string payload;            // a JSON object in UTF-8
    std::string event_id;           // from the writer; empty: the event is known as stream@version
    std::string correlation_id;     // of the request that everything began with
    std::string causation_id;       // the command or event that led to this one
    std::string actor;              // on whose behalf
    std::vector<std::string> tags;  // "user:1": what the event can be found by
};

struct RecordedEvent {
    Position position = 0;
    Version version = 0;
    Instant time;
    std::string stream;
    NewEvent data;
    LeafHash leaf{};
};

// Shared between followers and never changed after it was recorded.
using EventPtr = std::shared_ptr<const RecordedEvent>;

// "payment.payment" of "payment.payment-17": what stands before the first '-', all of it when there
// is none.
inline std::string_view category_of(std::string_view stream) {
    return stream.substr(0, stream.find('-'));
}

// "payment.payment-17@2", unless the writer named the event.
inline std::string id_of(const RecordedEvent& event) {
    if (!event.data.event_id.empty()) return event.data.event_id;
    return event.stream + "@" + std::to_string(event.version);
}

}  // namespace yeyak::eventstore
