// Whatever bytes come as a body, an event or an append: they are refused with a reason, or they
// fit, and what was read is written and read again alike.
#include <cstdint>
#include <string_view>

#include "aggregates/payment/contract.h"
#include "api/routes/event_body.h"
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

void check_refusal(const api::BodyErrors& errors) {
    const auto answer = api::refuse_body(errors);
    ensure(check_json(answer.body, true).has_value(), "a refusal is JSON");
}

void round_trip_append(std::string_view text, api::Envelope envelope) {
    const auto events = api::read_events(text, envelope);
    if (!events) return check_refusal(events.error());
    for (const auto& data : *events) {
        ensure(check_json(data.payload, false).has_value(), "data is JSON as it was written");
        eventstore::RecordedEvent recorded;
        recorded.stream = "s-1";
        recorded.data = data;
        std::string out;
        eventstore::append_event_json(out, recorded);
        ensure(check_json(out, true).has_value(), "what is answered is JSON");
    }
}

void read_commit(std::string_view text) {
    const auto commit = api::read_commit(text);
    if (!commit) return check_refusal(commit.error());
    ensure(!commit->appends.empty(), "a commit that was read appends something");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    for (const auto& read : fuzz::readers()) read(text);
    round_trip_event(text);
    for (const auto envelope :
         {api::Envelope::any, api::Envelope::structured, api::Envelope::batch})
        round_trip_append(text, envelope);
    read_commit(text);
    return 0;
}
