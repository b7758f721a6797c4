// Events in JSON: CloudEvents 1.0 in the JSON event format, with what the log knows of them as
// extension attributes (cloud_event.h). Reading is strict, with the field's name in every refusal;
// `data` is kept byte for byte.
//
//   {"specversion":"1.0","id":"orders-7@1","source":"/streams/orders-7","type":"ordered",
//    "time":"2026-11-20T11:28:30.123Z","datacontenttype":"application/json",
//    "position":1,"stream":"orders-7","version":1,"recordedtime":"…","correlationid":"…",
//    "causationid":"…","actor":"…","tags":"user:1","leafhash":"…","data":{…}}
//
// An event without specversion is a plain event: only its type and data must be there, and its tags
// may be a list.
#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event_store.h"
#include "kernel/json.h"

namespace yeyak::eventstore {

// With data_base64 for bytes, and neither it nor data for an event without data.
void append_event_json(std::string& out, const eventstore::RecordedEvent& event);

// What a body is said to be: one event or an array of them, plain or not; one CloudEvent; an array
// of CloudEvents.
enum class Envelope { any, structured, batch };

// The body of POST /streams/{stream}.
std::expected<std::vector<eventstore::NewEvent>, JsonError> read_events(
    std::string_view body, Envelope envelope = Envelope::any);

// The body of POST /commits: {"appends":[{"stream":…,"expected":…,"events":[…]}],
// "conditions":[{"after":…,"categories":[…],"types":[…],"tags":[…]}]}.
std::expected<eventstore::Commit, JsonError> read_commit(std::string_view body);

// "any", "no-stream", "exists" or a version; nothing for any other text.
std::optional<eventstore::Expected> parse_expected(std::string_view text);

}  // namespace yeyak::eventstore
