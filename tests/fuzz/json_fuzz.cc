// Whatever bytes come as a body, an event or an append: they are refused with a reason, or they
// fit, and what was read is written and read again alike.
#include <cstdint>
#include <string_view>

#include "aggregates/payment/contract.h"
#include "eventstore/event_json.h"
#include "kernel/ensure.h"
#include "kernel/events.h"
#include "tests/fuzz/bodies/bodies.h"

using namespace yeyak;

std::vector<fuzz::Reader>& fuzz::readers() {
    static std::vector<Reader> all;
    return all;
}

namespace {

void round_trip_event(std::string_view text) {
    const auto type = payment::PaymentRequested::type;
    const auto event = decode_event<payment::Event>(type, text);
    if (!event) return;
    const auto again = decode_event<payment::Event>(type, encode_event(*event));
    ensure(again.has_value() && *again == *event, "an event survives its encoding");
}

void round_trip_append(std::string_view text, eventstore::Envelope envelope) {
    if (const auto events = eventstore::read_events(text, envelope)) {
        for (const auto& data : *events) {
            eventstore::RecordedEvent recorded;
            recorded.stream = "s-1";
            recorded.data = data;
            std::string out;
            eventstore::append_event_json(out, recorded);
            ensure(check_json(out, true).has_value(), "what is answered is JSON");
        }
    }
}

void read_commit(std::string_view text) {
    if (const auto commit = eventstore::read_commit(text))
        ensure(!commit->appends.empty(), "a commit that was read appends something");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    for (const auto& read : fuzz::readers()) read(text);
    round_trip_event(text);
    for (const auto envelope :
         {eventstore::Envelope::any, eventstore::Envelope::structured, eventstore::Envelope::batch})
        round_trip_append(text, envelope);
    read_commit(text);
    return 0;
}
