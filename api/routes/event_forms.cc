#include "api/routes/event_forms.h"

#include <algorithm>

#include "eventstore/base64.h"
#include "eventstore/cloud_event.h"
#include "eventstore/event_json.h"
#include "eventstore/staging.h"
#include "kernel/actor.h"
#include "kernel/time.h"

namespace yeyak::api::event_forms {

std::string_view refuse_empty(std::string_view text) {
    return text.empty() ? "a text that is not empty" : "";
}
std::string_view refuse_source(std::string_view text) {
    return eventstore::is_uri_reference(text) ? "" : "a URI-reference (RFC 3986) that is not empty";
}
std::string_view refuse_uri(std::string_view text) {
    return eventstore::is_uri(text) ? "" : "a URI with a scheme (RFC 3986)";
}
std::string_view refuse_time(std::string_view text) {
    return parse_instant(text) ? "" : "an RFC 3339 instant";
}
std::string_view refuse_media_type(std::string_view text) {
    return eventstore::is_media_type(text) ? "" : "a media type such as application/json";
}
std::string_view refuse_tags(std::string_view text) {
    static_assert(eventstore::max_tags == 32, "the sentence says so");
    if (std::ranges::count(text, ',') >= std::ptrdiff_t{eventstore::max_tags})
        return "at most 32 tags with commas between them";
    return eventstore::split_tags(text) ? "" : "tags with commas between them, \"user:1,order:9\"";
}
std::string_view refuse_base64(std::string_view text) {
    return eventstore::from_base64(text) ? "" : "base64 (RFC 4648) with padding";
}
std::string_view refuse_actor(std::string_view text) {
    return is_actor(text) ? "" : "1 to 64 characters without blanks";
}
std::string_view refuse_expected(std::string_view text) {
    return eventstore::parse_expected(text) ? "" : "any, no-stream, exists or a version";
}
std::string_view refuse_name(std::string_view text) {
    const bool fits = std::ranges::all_of(
        text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
    return fits && !text.empty() && text.size() <= 64 ? ""
                                                      : "1 to 64 lower-case letters and digits";
}

}  // namespace yeyak::api::event_forms
