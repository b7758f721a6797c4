// Whatever bytes come as a body: they are refused with a reason, or what was read is written and
// read again alike.
#include <cstdint>
#include <string_view>

#include "aggregates/payment/contract.h"
#include "api/systems/market/body.h"
#include "api/systems/phoneshop/body.h"
#include "api/systems/prereservation/body.h"
#include "api/systems/repairshop/body.h"
#include "api/systems/vaccination/body.h"
#include "eventstore/event_json.h"
#include "kernel/ensure.h"
#include "kernel/events.h"

using namespace yeyak;

namespace {

template <class Body>
void round_trip(std::string_view text) {
    const auto body = from_json<Body>(text, Reading::lenient);
    if (!body) {
        ensure(!body.error().code.empty() && !body.error().detail.empty(), "a refusal says why");
        return;
    }
    const auto written = to_json(*body);
    const auto again = from_json<Body>(written, Reading::strict);
    ensure(again.has_value() && to_json(*again) == written,
           "what was read is written and read alike");
}

template <class... Bodies>
void round_trip_as(std::string_view text) {
    (round_trip<Bodies>(text), ...);
}

// Every body that a client can send to a system.
void round_trip_bodies(std::string_view text) {
    using namespace api;
    round_trip_as<PreReservationBody>(text);
    round_trip_as<DateBody, ReserveBody, CancelBody, InjectBody>(text);
    round_trip_as<MarketProductBody, MarketProductUpdateBody, MarketReservationBody,
                  MarketReservationUpdateBody, MarketPaidBody>(text);
    round_trip_as<IntakeBody, IntakeChange, RepairChange>(text);
    round_trip_as<PhoneOrderBody, StoreManageBody>(text);
}

void round_trip_event(std::string_view text) {
    const auto type = payment::PaymentRequested::type;
    const auto event = decode_event<payment::Event>(type, text);
    if (!event) return;
    const auto again = decode_event<payment::Event>(type, encode_event(*event));
    ensure(again.has_value() && *again == *event, "an event survives its encoding");
}

void round_trip_append(std::string_view text) {
    if (const auto events = eventstore::read_events(text)) {
        for (const auto& data : *events) {
            eventstore::RecordedEvent recorded;
            recorded.stream = "s-1";
            recorded.data = data;
            std::string out;
            eventstore::append_event_json(out, recorded);
            ensure(check_json(out, true).has_value(), "what is answered is JSON");
        }
    }
    if (const auto commit = eventstore::read_commit(text))
        ensure(!commit->appends.empty(), "a commit that was read appends something");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    round_trip_bodies(text);
    round_trip_event(text);
    round_trip_append(text);
    return 0;
}
