#include "api/routes/precondition.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "aggregates/engine/guard.h"
#include "api/http/entity_tag.h"
#include "api/http/problem.h"
#include "eventstore/event_json.h"
#include "eventstore/staging.h"

namespace yeyak::api {

using eventstore::Expected;
using eventstore::Version;
using http::problem;
using http::Response;

namespace {

// The version that a tag begins with; 0, which no stream that exists is at, when it is not ours.
Version version_of(const http::EntityTag& tag) {
    Version version = 0;
    const auto* end = tag.opaque.data() + tag.opaque.size();
    const auto [read, code] = std::from_chars(tag.opaque.data(), end, version);
    return code == std::errc{} && (read == end || *read == '-') ? version : 0;
}

std::expected<http::EntityTags, Response> tags_of(const http::Request& request,
                                                  std::string_view name) {
    auto tags = http::entity_tags(request.headers, name);
    if (tags) return *std::move(tags);
    return std::unexpected(
        problem(400, "bad_precondition",
                fmt::format("{} is * or a list of entity tags: \"5\", \"6\"", name), name));
}

// The versions of tags; a weak one says nothing of the state of a stream when it is compared
// strongly.
std::vector<Version> versions_of(const http::EntityTags& tags, bool strongly) {
    std::vector<Version> versions;
    for (const auto& tag : tags.tags)
        if (const auto version = version_of(tag); version > 0 && !(strongly && tag.weak))
            versions.push_back(version);
    return versions;
}

std::expected<Precondition, Response> expected_version(const http::Request& request) {
    if (request.headers.all("Expected-Version").size() > 1)
        return std::unexpected(
            problem(400, "bad_precondition", "send Expected-Version once", "Expected-Version"));
    const auto expected = eventstore::parse_expected(*request.header("Expected-Version"));
    if (!expected)
        return std::unexpected(problem(400, "bad_precondition",
                                       "Expected-Version is any, no-stream, exists or a version",
                                       "Expected-Version"));
    return Precondition{"Expected-Version",
                        [expected = *expected](Version at) { return meets(expected, at); }, 409};
}

std::expected<Precondition, Response> match(const http::Request& request) {
    const auto tags = tags_of(request, "If-Match");
    if (!tags) return std::unexpected(tags.error());
    if (tags->any) return Precondition{"If-Match", [](Version at) { return at > 0; }, 412};
    return Precondition{"If-Match",
                        [wanted = versions_of(*tags, true)](Version at) {
                            return std::ranges::find(wanted, at) != wanted.end();
                        },
                        412};
}

std::expected<Precondition, Response> none_match(const http::Request& request) {
    const auto tags = tags_of(request, "If-None-Match");
    if (!tags) return std::unexpected(tags.error());
    if (tags->any) return Precondition{"If-None-Match", [](Version at) { return at == 0; }, 412};
    return Precondition{"If-None-Match",
                        [unwanted = versions_of(*tags, false)](Version at) {
                            return std::ranges::find(unwanted, at) == unwanted.end();
                        },
                        412};
}

}  // namespace

std::expected<Precondition, Response> precondition_of(const http::Request& request) {
    const bool version = request.headers.contains("Expected-Version");
    const bool matching = request.headers.contains("If-Match");
    const bool none_matching = request.headers.contains("If-None-Match");
    if (version + matching + none_matching > 1)
        return std::unexpected(problem(400, "bad_precondition",
                                       "send one of Expected-Version, If-Match, If-None-Match"));
    if (version) return expected_version(request);
    if (matching) return match(request);
    if (none_matching) return none_match(request);
    return Precondition{};
}

Response not_met(const Precondition& precondition, std::string_view stream, Version found) {
    http::Problem told;
    told.status = precondition.status;
    told.code = guard_failed;
    told.detail = found == 0 ? fmt::format("{} does not exist yet", stream)
                             : fmt::format("{} is at version {}", stream, found);
    told.field = precondition.field;
    told.extra = {{"stream", http::json_string(stream)}, {"version", std::to_string(found)}};
    return http::problem(told);
}

}  // namespace yeyak::api
