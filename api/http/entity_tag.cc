#include "api/http/entity_tag.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "api/http/compression.h"
#include "api/http/problem.h"

namespace yeyak::http {
namespace {

// etagc of the RFC: visible, without the quote; bytes beyond ASCII are taken.
bool is_tag_char(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

void skip_blanks_and_commas(std::string_view& list) {
    while (!list.empty() && (list.front() == ' ' || list.front() == '\t' || list.front() == ','))
        list.remove_prefix(1);
}

// Takes one tag from the front: W/"…" or "…". A comma may stand inside.
std::optional<EntityTag> take_tag(std::string_view& list) {
    EntityTag tag;
    tag.weak = list.starts_with("W/");
    if (tag.weak) list.remove_prefix(2);
    if (!list.starts_with('"')) return std::nullopt;
    const auto end = list.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    tag.opaque = list.substr(1, end - 1);
    list.remove_prefix(end + 1);
    if (!std::ranges::all_of(tag.opaque, is_tag_char)) return std::nullopt;
    return tag;
}

bool is_blank_or_comma(char c) { return c == ' ' || c == '\t' || c == ','; }

std::optional<EntityTags> parse(std::string_view list) {
    EntityTags found;
    skip_blanks_and_commas(list);
    if (list.starts_with('*')) {
        found.any = true;
        return std::ranges::all_of(list.substr(1), [](char c) { return c == ' ' || c == '\t'; })
                   ? std::optional{found}
                   : std::nullopt;
    }
    while (!list.empty()) {
        auto tag = take_tag(list);
        if (!tag || (!list.empty() && !is_blank_or_comma(list.front()))) return std::nullopt;
        found.tags.push_back(*std::move(tag));
        skip_blanks_and_commas(list);
    }
    if (found.tags.empty()) return std::nullopt;
    return found;
}

// The tag of an answer; nothing when it has none.
std::optional<EntityTag> tag_of(const Response& response) {
    const auto field = response.headers.find("ETag");
    if (!field) return std::nullopt;
    std::string_view rest = *field;
    return take_tag(rest);
}

bool is_safe_read(const Request& request, const Response& response) {
    return (request.method == Method::get || request.method == Method::head) &&
           response.status == 200;
}

Response malformed(std::string_view name) {
    return problem(400, "bad_precondition",
                   fmt::format("{} is * or a list of entity tags: \"5\", \"6\"", name), name);
}

// A tag of the resource in gzip is one of the resource, too: who has it has what is shown.
EntityTag as_shown(EntityTag tag) {
    if (tag.opaque.ends_with(gzip_mark)) tag.opaque.resize(tag.opaque.size() - gzip_mark.size());
    return tag;
}

// What stands in the way of the answer, by the order of section 13.2.2.
std::optional<Response> refuse_match(const Request& request, const std::optional<EntityTag>& tag) {
    if (!request.headers.contains("If-Match")) return std::nullopt;
    const auto wanted = entity_tags(request.headers, "If-Match");
    if (!wanted) return malformed("If-Match");
    const auto same = [&](const EntityTag& each) {
        return tag && match_strongly(as_shown(each), *tag);
    };
    if (wanted->any || std::ranges::any_of(wanted->tags, same)) return std::nullopt;
    return problem(412, "precondition_failed", "none of these entity tags is that of the resource",
                   "If-Match");
}

}  // namespace

bool match_strongly(const EntityTag& a, const EntityTag& b) {
    return !a.weak && !b.weak && a.opaque == b.opaque;
}

bool match_weakly(const EntityTag& a, const EntityTag& b) { return a.opaque == b.opaque; }

std::optional<EntityTags> entity_tags(const Headers& headers, std::string_view name) {
    return parse(fmt::format("{}", fmt::join(headers.all(name), ",")));
}

void make_conditional(const Request& request, Response& response) {
    if (!is_safe_read(request, response)) return;
    // The same version is not always shown alike: not after the key of a person was destroyed.
    if (!response.revision.empty())
        response.headers.set("ETag",
                             fmt::format("\"{}-{:016x}\"", response.revision,
                                         XXH3_64bits(response.body.data(), response.body.size())));
    const auto tag = tag_of(response);
    if (auto refused = refuse_match(request, tag)) {
        response = *std::move(refused);
        return;
    }
    if (!request.headers.contains("If-None-Match")) return;
    const auto known = entity_tags(request.headers, "If-None-Match");
    if (!known) {
        response = malformed("If-None-Match");
        return;
    }
    const auto same = std::ranges::find_if(known->tags, [&](const EntityTag& each) {
        return tag && match_weakly(as_shown(each), *tag);
    });
    if (same != known->tags.end())
        response.headers.set("ETag", fmt::format("\"{}\"", same->opaque));
    else if (!known->any)
        return;
    response.status = 304;
    response.content_type.clear();
    response.body = std::string{};
    response.stream = nullptr;
}

}  // namespace yeyak::http
