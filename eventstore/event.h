// An event as its writer gives it and as the log records it. Plain values; no threads, no I/O.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/time.h"

namespace yeyak::eventstore {

// Place in the whole log: 1, 2, 3 … without gaps, in commit order. 0 is before the first event.
using Position = std::uint64_t;
// Place in a stream: 1, 2, 3 … without gaps. 0 is a stream that does not exist.
using Version = std::uint64_t;

// SHA-256(0x00 || position || record body), the leaf of RFC 9162 section 2.1; fixed at append.
using LeafHash = std::array<std::uint8_t, 32>;

// What a foreign writer says of its event beside type and id: an attribute of CloudEvents, kept in
// the type that it was given in. Binary, URI and Timestamp are texts on the wire.
struct Attribute {
    // As it stands in a record.
    enum class Type : std::uint8_t { text = 's', integer = 'i', boolean = 'b' };
    std::string name;
    Type type = Type::text;
    std::string value;  // the text; a decimal number of 32 bits; "true" or "false"
    friend bool operator==(const Attribute&, const Attribute&) = default;
};

// How the payload holds the data of an event; as it stands in a record.
enum class DataForm : std::uint8_t {
    json = 'j',    // it is the data
    base64 = 'b',  // a JSON string, the data's bytes in base64
    none = 'n',    // there is no data, and the payload is null
};

struct NewEvent {
    std::string type;            // "payment.payment_completed.v1"; 1 to 200 bytes
    std::string payload;         // JSON in UTF-8; of Yeyak's own events an object
    std::string event_id;        // from the writer; empty: the event is known as stream@version
    std::string correlation_id;  // of the request that everything began with
    std::string causation_id;    // the command or event that led to this one
    std::string actor;           // on whose behalf
    std::vector<std::string> tags = {};      // "user:1": what the event can be found by
    std::vector<Attribute> attributes = {};  // by ascending name, each name once
    DataForm form = DataForm::json;
};

// The newest format of records; see FORMAT.md.
inline constexpr std::uint8_t record_format = 2;

struct RecordedEvent {
    std::uint8_t format = record_format;  // in which it was or will be recorded
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
