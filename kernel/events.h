// What an event is in the log: a type name, frozen for ever, and a JSON payload. The variant Event
// of a context is the registry of its types. A new shape is a new type that names its Former and
// how to come from it:
//
//   struct ReceiptIssued {
//       static constexpr std::string_view type = "receipt.receipt_issued.v2";
//       using Former = ReceiptIssuedV1;
//       static ReceiptIssued upcast(const ReceiptIssuedV1& old);
//
// decode() reads any released shape and answers the newest. Defined in json_impl.h.
#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <variant>

#include "kernel/json.h"

namespace yeyak {

template <class Event>
std::string encode_event(const Event& event);

template <class Event>
std::expected<Event, JsonError> decode_event(std::string_view type, std::string_view payload);

// True for the type names, past and present, that decode_event<Event> reads.
template <class Event>
bool is_event_type(std::string_view type);

// A fingerprint of the alternatives of a variant, their fields and the fields' types: it changes
// when what is written of a value could be read as something else. For caches of folded state.
template <class Variant>
std::string shape_of();

template <class Event>
std::string_view type_of(const Event& event) {
    return std::visit([](const auto& e) -> std::string_view { return e.type; }, event);
}

}  // namespace yeyak
