#include "api/routes/audit.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/access/own_streams.h"
#include "api/access/ownership.h"
#include "api/routes/common.h"
#include "api/routes/query.h"
#include "audit/proofs/consistency.h"
#include "audit/proofs/receipt.h"
#include "eventstore/record.h"
#include "kernel/edge/log.h"
#include "server/config/config.h"
#include "server/ledger.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;
using Categories = std::span<const std::string_view>;
using CheckpointPtr = std::shared_ptr<const audit::SignedCheckpoint>;

// For the reader alone: where tokens are asked for, a cache between us and him must not give to
// others what he may read (RFC 9111, section 3.5).
constexpr std::string_view forever = "private, max-age=31536000, immutable";
// Tiles of 256^3 bundles are 4 billion events; more parts of a path are not routed.
constexpr std::size_t most_segments = 4;

Response not_covered(const server::Upkeep& upkeep, Position position) {
    if (upkeep.ledger().failed())
        return problem(503, "audit_stopped",
                       "the disk refused the tree, so no checkpoints are signed; the log goes on. "
                       "Mend the disk and start the server again");
    auto response = problem(
        503, "not_covered_yet",
        fmt::format("no signed checkpoint covers event {} yet; try again in a moment", position));
    response.headers.add("Retry-After", "1");
    return response;
}

// The stored hashes contradict the log, which is whole: it is served, proofs are not.
Response damaged(const Request& request, const std::string& detail) {
    log::error("audit_tree_damaged", {{"detail", detail}}, request.correlation_id);
    return problem(500, "audit_tree_damaged",
                   detail +
                       "; stop the server, run `yeyak audit verify`, and remove the files "
                       "level-* in the folder audit: the next start builds them again");
}

Response note_of(const CheckpointPtr& checkpoint) {
    auto response = http::text(200, checkpoint->note);
    response.headers.add("Cache-Control", "no-cache");
    return response;
}

// The newest checkpoint, once it covers `position`; nothing when it does not in time.
awaitable<CheckpointPtr> covering(server::Upkeep& upkeep, Position position) {
    const std::chrono::milliseconds patience{upkeep.config().read_wait_ms};
    const auto reached = co_await upkeep.ledger_reaches(position, patience);
    co_return reached ? upkeep.checkpoint() : nullptr;
}

awaitable<Response> get_checkpoint(server::Upkeep& upkeep, Request& request) {
    QueryReader query{request, {"minPosition"}};
    const auto least = query.number({"minPosition", 0, INT64_MAX});
    if (auto refused = query.refused()) co_return *std::move(refused);
    const auto position = static_cast<Position>(least.value_or(0));
    const auto checkpoint = co_await covering(upkeep, position);
    if (!checkpoint) co_return not_covered(upkeep, position);
    co_return note_of(checkpoint);
}

// --- receipts ------------------------------------------------------------------------------------

StoreResult<EventPtr> event_at(const server::Reads& reads, Position position) {
    eventstore::AllQuery query;
    query.after = position - 1;
    query.max_events = 1;
    auto page = reads.log().read_all(query);
    if (!page) return std::unexpected(std::move(page).error());
    return page->events.empty() ? nullptr : page->events.front();
}

StoreResult<EventPtr> event_at(const server::Reads& reads, std::string_view stream,
                               eventstore::Version version) {
    eventstore::StreamQuery query;
    query.stream = stream;
    query.from = version;
    query.max_events = 1;
    auto page = reads.log().read_stream(query);
    if (!page) return std::unexpected(std::move(page).error());
    return page->events.empty() ? nullptr : page->events.front();
}

StoreResult<bool> has_receipts(server::Reads& reads, const http::Caller& caller,
                               Categories personal, std::string_view stream) {
    if (may_read(&caller, stream)) return true;
    const auto category = eventstore::category_of(stream);
    if (std::ranges::find(personal, category) == personal.end()) return false;
    return owns(reads, caller, stream);
}

// The event that is asked for; a problem when there is none. A caller who reaches his own things
// only has receipts of the personal streams that he began, and a program of those that it may read.
std::expected<EventPtr, Response> wanted_event(server::Reads& reads, Categories personal,
                                               const Request& request) {
    QueryReader query{request, {"position", "stream", "version"}};
    const auto position = query.number({"position", 1, INT64_MAX});
    const auto version = query.number({"version", 1, INT64_MAX});
    const auto stream = query.text("stream");
    if (auto refused = query.refused()) return std::unexpected(*std::move(refused));
    const bool by_stream = stream && version && !position;
    if (!by_stream && (!position || stream || version))
        return std::unexpected(
            problem(422, "missing_field", "send position, or stream and version", "position"));
    auto event = by_stream ? event_at(reads, *stream, static_cast<eventstore::Version>(*version))
                           : event_at(reads, static_cast<Position>(*position));
    if (!event) return std::unexpected(problem_of(event.error()));
    if (const auto* caller = bound_caller(request); *event && caller) {
        const auto his = has_receipts(reads, *caller, personal, (*event)->stream);
        if (!his) return std::unexpected(problem_of(his.error()));
        if (!*his) event->reset();
    }
    if (!*event) return std::unexpected(problem(404, "no_such_event", "there is no such event"));
    return *std::move(event);
}

awaitable<Response> get_receipt(server::Reads& reads, server::Upkeep& upkeep, Categories personal,
                                Request& request) {
    const auto event = wanted_event(reads, personal, request);
    if (!event) co_return event.error();
    const auto position = (*event)->position;
    const auto checkpoint = co_await covering(upkeep, position);
    if (!checkpoint) co_return not_covered(upkeep, position);
    const auto receipt = audit::make_receipt(**event, *checkpoint, upkeep.ledger().files().nodes());
    if (!receipt) co_return damaged(request, receipt.error());
    auto response = http::json(200, audit::to_json(*receipt));
    response.headers.add("Yeyak-Position", std::to_string(position));
    co_return response;
}

// --- consistency ---------------------------------------------------------------------------------

Response get_consistency(server::Upkeep& upkeep, const Request& request) {
    QueryReader query{request, {"from", "to"}};
    const auto from = query.number({"from", 0, INT64_MAX});
    const auto to = query.number({"to", 0, INT64_MAX});
    if (auto refused = query.refused()) return *std::move(refused);
    if (!from) return problem(422, "missing_field", "from is required", "from");
    const auto covered = upkeep.ledger().covered();
    audit::ConsistencyProof answer;
    answer.from = static_cast<Position>(*from);
    answer.to = to ? static_cast<Position>(*to) : covered;
    if (answer.to > covered || answer.from > answer.to)
        return problem(
            422, "invalid_value",
            fmt::format("the sizes must be from <= to <= {}, the newest checkpoint", covered),
            answer.to > covered ? "to" : "from");
    auto proof = audit::prove_consistency(upkeep.ledger().files().nodes(), answer.from, answer.to);
    if (!proof) return damaged(request, proof.error());
    answer.proof = *std::move(proof);
    return http::json(200, audit::to_json(answer));
}

// --- tiles ---------------------------------------------------------------------------------------

Response bytes(std::string body, bool immutable) {
    Response response;
    response.content_type = "application/octet-stream";
    response.body = std::move(body);
    response.headers.add("Cache-Control", immutable ? forever : "private, max-age=60");
    return response;
}

Response bundle_of(const server::Reads& reads, Position after, std::uint64_t count) {
    std::string bundle;
    for (const auto last = after + count; after < last;) {
        eventstore::AllQuery query;
        query.after = after;
        query.max_events = static_cast<std::size_t>(last - after);
        const auto page = reads.log().read_all(query);
        if (!page) return problem_of(page.error());
        for (const auto& event : page->events)
            if (!audit::append_to_bundle(bundle, eventstore::encode_entry(*event)))
                return problem(422, "entry_too_long",
                               fmt::format("event {0} is longer than the 65535 bytes that a bundle "
                                           "can hold; read it at /audit/receipt?position={0}",
                                           event->position));
        after = page->next_after;
    }
    return bytes(std::move(bundle), count == audit::tile_width);
}

Response get_tile(server::Reads& reads, server::Upkeep& upkeep, const Request& request) {
    std::string path = "tile";
    for (const auto& part : request.path_parameters) path += "/" + part.value;
    const auto tile = audit::parse_tile_path(path);
    if (!tile) return problem(404, "no_such_tile", "no tile has such a path");
    const auto stored = audit::hashes_on(tile->level, upkeep.ledger().covered());
    const auto before = tile->index > stored / audit::tile_width
                            ? stored  // beyond, without overflow
                            : tile->index * audit::tile_width;
    if (stored - before < tile->width)
        return problem(404, "no_such_tile",
                       fmt::format("the newest checkpoint covers {} hashes of this level", stored));
    if (tile->entries) return bundle_of(reads, before, tile->width);
    const auto hashes = upkeep.ledger().files().read(tile->level, before, tile->width);
    if (!hashes) return damaged(request, hashes.error());
    return bytes(
        {reinterpret_cast<const char*>(hashes->data()), hashes->size() * sizeof(audit::Hash)},
        tile->width == audit::tile_width);
}

}  // namespace

void add_audit_routes(http::Router& router, server::Reads& reads, server::Upkeep& upkeep,
                      Categories personal) {
    using http::Method;
    const auto checkpoint = [&upkeep](Request& request) { return get_checkpoint(upkeep, request); };
    router.add({Method::get, "/audit/checkpoint", checkpoint, audit_docs::checkpoint()});
    router.add({Method::get, "/audit/key", at_once([&upkeep](Request&) {
                    return http::text(200, upkeep.ledger().key().text() + "\n");
                }),
                audit_docs::key()});
    router.add({Method::get, "/audit/receipt",
                [&reads, &upkeep, personal](Request& request) {
                    return get_receipt(reads, upkeep, personal, request);
                },
                audit_docs::receipt()});
    router.add({Method::get, "/audit/consistency",
                at_once([&upkeep](Request& request) { return get_consistency(upkeep, request); }),
                audit_docs::consistency()});
    router.add({Method::get, "/audit/tiles/checkpoint", checkpoint, audit_docs::checkpoint()});
    std::string pattern = "/audit/tiles/tile/{level}";
    for (std::size_t segments = 1; segments <= most_segments; ++segments) {
        pattern += fmt::format("/{{n{}}}", segments);
        router.add({Method::get, pattern,
                    at_once([&](Request& request) { return get_tile(reads, upkeep, request); }),
                    audit_docs::tile(segments)});
    }
}

}  // namespace yeyak::api
