// CloudEvents 1.0 (https://github.com/cloudevents/spec, v1.0.2), whatever they are carried in:
// which attributes an event may have, and what an event of the log says of itself. JSON is read and
// written in event_json.h, header fields in api/routes/binary_event.h.
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
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event.h"
#include "kernel/json.h"

namespace yeyak::eventstore {

// An event while it is read, attribute by attribute. Each name is taken once: the caller refuses
// the second.
class EventDraft {
  public:
    // Puts an attribute in its place. The error names it.
    std::optional<JsonError> take(std::string_view name, Attribute::Type type, std::string value);
    // The tags of a plain event, as a list.
    void take_tags(std::vector<std::string> tags);
    std::optional<JsonError> take_data(DataForm form, std::string payload);
    // An event that was sent as a CloudEvent, or says that it is one, must be one. A plain event
    // needs type and data.
    std::expected<NewEvent, JsonError> finish(bool sent_as_cloud_event) &&;

  private:
    NewEvent event_;
    bool says_version_ = false;
    bool has_tag_list_ = false;
    bool has_data_ = false;
};

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
