// CloudEvents 1.0 (https://github.com/cloudevents/spec, v1.0.2), whatever they are carried in:
// what attributes are, and what an event of the log says of itself. JSON is written in
// event_json.h; which attributes a writer may give, and how they are read, is said in
// api/routes/event_body.h.
//
// What a writer says is kept as it was said, in its type, and given back alike; what cannot be kept
// is refused with its name. The log adds its own attributes: position, version, stream,
// recordedtime and leafhash. correlationid, causationid, actor and tags may be given, too, and have
// places of their own. Tags are one String, "user:1,order:9"; a comma or a % of a tag is an escape
// (%2C, %25).
//
// An event without a source is completed: source "/streams/NAME", time and datacontenttype. An
// event with a source is given back without what it had not.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event.h"

namespace yeyak::eventstore {

// What attributes must be. Not empty, each of them.
bool is_uri_reference(std::string_view text);
bool is_uri(std::string_view text);  // with a scheme
bool is_media_type(std::string_view text);
// Nothing when an escape is none.
std::optional<std::vector<std::string>> split_tags(std::string_view text);

// Every attribute of an event of the log, with those of the log.
using AttributeVisit =
    std::function<void(std::string_view name, Attribute::Type type, std::string_view value)>;
void each_attribute(const RecordedEvent& event, const AttributeVisit& visit);

// The source of an event in a stream: its own, otherwise the stream.
std::string source_of(std::string_view stream, const NewEvent& event);

// What the event calls the type of its data; nothing when it does not say.
std::string data_type_of(const RecordedEvent& event);
// "application/json", "application/problem+json; charset=utf-8", and nothing at all.
bool is_json_type(std::string_view media_type);

}  // namespace yeyak::eventstore
