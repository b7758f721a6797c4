// Entity tags and what a safe method makes of them (RFC 9110, sections 8.8.3 and 13). What a
// command makes of the same fields is api/routes/precondition.h.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/http.h"

namespace yeyak::http {

struct EntityTag {
    std::string opaque;  // without its quotes
    bool weak = false;
};

// Two tags are the same representation, byte for byte.
bool match_strongly(const EntityTag& a, const EntityTag& b);
// They are as good as each other.
bool match_weakly(const EntityTag& a, const EntityTag& b);

// A list of tags, or "*", which is any tag of something that exists.
struct EntityTags {
    bool any = false;
    std::vector<EntityTag> tags;
};

// All fields of that name as one list. Nothing when it is malformed; ask for a field that is there.
std::optional<EntityTags> entity_tags(const Headers& headers, std::string_view name);

// Gives an answer its ETag, when it has a revision, and answers 412 or 304 instead when a safe
// request says under which condition it wants it. `response` is what would be sent.
void make_conditional(const Request& request, Response& response);

}  // namespace yeyak::http
