// Events in JSON: CloudEvents 1.0 in the JSON event format, with what the log knows of them as
// extension attributes (cloud_event.h). `data` is as it was sent, byte for byte. What clients send
// is read in api/routes/event_body.h.
//
//   {"specversion":"1.0","id":"orders-7@1","source":"/streams/orders-7","type":"ordered",
//    "time":"2026-11-20T11:28:30.123Z","datacontenttype":"application/json",
//    "position":1,"stream":"orders-7","version":1,"recordedtime":"…","correlationid":"…",
//    "causationid":"…","actor":"…","tags":"user:1","leafhash":"…","data":{…}}
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "eventstore/event_store.h"

namespace yeyak::eventstore {

// With data_base64 for bytes, and neither it nor data for an event without data.
void append_event_json(std::string& out, const eventstore::RecordedEvent& event);

// "any", "no-stream", "exists" or a version; nothing for any other text.
std::optional<eventstore::Expected> parse_expected(std::string_view text);

}  // namespace yeyak::eventstore
