// The bodies that clients can send to the systems: each system tells of its own in NAME.cc.
#pragma once
#include <string_view>
#include <vector>

#include "kernel/ensure.h"
#include "kernel/json.h"

namespace yeyak::fuzz {

// A body is refused with a reason, or what was read is written and read again alike.
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

using RoundTrip = void (*)(std::string_view text);
std::vector<RoundTrip>& round_trips();

// Static: known before the first input comes.
template <class... Bodies>
struct BodiesOf {
    BodiesOf() { (round_trips().push_back(&round_trip<Bodies>), ...); }
};

}  // namespace yeyak::fuzz
