#include "api/routes/trail.h"

#include <stdexcept>

#include "api/http/places.h"
#include "api/routes/body.h"
#include "api/routes/common.h"
#include "api/routes/route_docs.h"
#include "api/routes/schema.h"
#include "audit/proofs/checkpoint.h"
#include "audit/trail/telling.h"
#include "kernel/edge/log.h"
#include "server/platform.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::Request;
using http::Response;
using trail::Telling;
using TellingPtr = std::shared_ptr<Telling>;

constexpr std::chrono::seconds checkpoint_patience{5};

// Readings that are under way at a time: each goes through the log, and keeps what belongs to it.
constexpr std::size_t most_readings = 16;
using PlacePtr = std::shared_ptr<http::Places::Place>;

using Piece = trail::Found<std::optional<std::string>>;

awaitable<void> tell(server::Reads& reads, TellingPtr telling, PlacePtr place,
                     http::StreamWriter& writer) {
    const auto occupied = place->occupy(writer);
    bool goes_on = true;
    while (goes_on) {
        auto piece =
            co_await reads.aside<Piece>([telling](const auto&) { return telling->next(); });
        if (!piece) throw std::runtime_error{piece.error().detail};
        if (!*piece) co_return;
        if ((*piece)->empty())
            goes_on = !writer.closing();
        else
            goes_on = co_await writer.write(*std::move(*piece));
    }
    writer.cut();  // it is not whole, and must not look so
}

trail::Format liked(const Request& request) {
    const auto type = request.preferred_type;
    if (type == "text/csv") return trail::Format::csv;
    if (type == "text/html") return trail::Format::html;
    if (type == "text/plain") return trail::Format::table;
    return trail::Format::json;
}

Response refused(const trail::Mistake& mistake) {
    return http::problem(mistake.status, mistake.code, mistake.detail, mistake.field);
}

// Personal fields are opened before they become HTML or CSV, so that what is in them is escaped.
trail::Unseal unseal_of(const server::Reads& reads, const Request& request) {
    if (request.header("Yeyak-Sealed") == "keep") return {};
    return [&reads](const std::string& payload) {
        auto opened = payload;
        reads.reveal_json(opened);
        return opened;
    };
}

Response busy() {
    auto response = http::problem(503, "trail_busy",
                                  "others read the trail; each reading goes through the log");
    response.headers.add("Retry-After", "5");
    return response;
}

awaitable<Response> read_trail(const Server& at, http::Places& readings, Request& request) {
    auto asked = trail::parse_question(request.query, liked(request));
    if (!asked) co_return http::problem(problem_of_parameters(std::move(asked).error()));
    auto cause = cause_of(request, std::string{nobody});
    if (!cause) co_return std::move(cause).error();
    asked->reader = cause->actor;
    const auto place = readings.take(request.peer);
    if (!place) co_return busy();
    auto opened = co_await at.reads.aside<trail::Found<TellingPtr>>(
        [&log = at.reads.log(), people = at.reads.platform().people, wish = *std::move(asked),
         unseal = unseal_of(at.reads, request)](const auto&) -> trail::Found<TellingPtr> {
            auto telling = Telling::open(log, people, wish, unseal);
            if (!telling) return std::unexpected(std::move(telling).error());
            return *std::move(telling);
        });
    if (!opened) co_return refused(opened.error());
    const TellingPtr telling = *std::move(opened);
    const auto now = at.reads.now();
    const auto recorded = co_await at.commands.record(*std::move(cause), telling->record());
    if (!recorded) co_return problem_of(recorded.error());
    // A checkpoint over all that is shown and over the record of this reading.
    const auto signed_in_time =
        co_await at.upkeep.ledger_reaches(recorded->position, checkpoint_patience);
    if (!signed_in_time)
        log::warning("trail_without_new_checkpoint", {{"position", recorded->position}},
                     request.correlation_id);
    const auto checkpoint = at.upkeep.checkpoint();
    telling->recorded(now, recorded->position, checkpoint ? checkpoint->note : "");
    Response response;
    add_position(response, recorded->position);
    response.content_type = trail::media_type(telling->question().format);
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("X-Content-Type-Options", "nosniff");
    if (const auto after = telling->survey().next_after)
        response.headers.add("Yeyak-Next-After", std::to_string(*after));
    response.stream = [&reads = at.reads, telling, place](http::StreamWriter& writer) {
        return tell(reads, telling, place, writer);
    };
    co_return response;
}

std::string trail_schema() {
    const auto event = schema::object({{"position", schema::number},
                                       {"timeUtc", schema::time},
                                       {"timeSeoul", schema::text},
                                       {"actor", schema::text},
                                       {"from", schema::text},
                                       {"what", schema::text},
                                       {"type", schema::text},
                                       {"stream", schema::text},
                                       {"version", schema::number},
                                       {"eventId", schema::text},
                                       {"reason", schema::text},
                                       {"state", schema::text},
                                       {"because", schema::list(schema::text)},
                                       {"causationId", schema::text},
                                       {"correlationId", schema::text},
                                       {"leafHash", schema::text},
                                       {"data", schema::any}});
    return schema::object({{"filter", schema::text},
                           {"readBy", schema::text},
                           {"reason", schema::text},
                           {"readAt", schema::time},
                           {"head", schema::number},
                           {"recordedAs", schema::number},
                           {"count", schema::number},
                           {"nextAfter", schema::number_or_null},
                           {"checkpoint", schema::text_or_null},
                           {"events", schema::list(event)}});
}

// The same in each of the formats.
std::vector<http::ResponseDoc> trail_answers() {
    std::vector<http::ResponseDoc> answers{
        {200, "the trail", "application/json", trail_schema(), ""},
        {200, "for people", "text/html", schema::text, ""},
        {200, "for tables", "text/csv", schema::text, ""},
        {200, "for terminals", "text/plain", schema::text, ""}};
    for (auto& answer : answers) answer.headers = {"Yeyak-Position", "Link", "Yeyak-Next-After"};
    return answers;
}

http::RouteDoc doc() {
    http::RouteDoc made;
    made.tag = "audit";
    made.summary = "Who did what, when, why and from where";
    made.description =
        "All filters that are given must hold. The reading itself is recorded in the log, with its "
        "filter and reason, before the first byte is sent. Filters by order, saga, person and "
        "correlation read the whole log.";
    const auto add = [&](std::string name, std::string type, std::string description) {
        made.parameters.push_back(
            query_doc(std::move(name), std::move(type), std::move(description)));
    };
    add("person", "string",
        "what concerns a person: 17, or prereservation/user:17; needs a reason");
    add("order", "string", "a stream, with its payment, saga and all that followed from it");
    add("saga", "string", "the same for the stream of a saga");
    add("stream", "string", "the events of one stream and nothing else");
    add("correlation", "string", "everything that followed from one request");
    add("actor", "string", "on whose behalf");
    made.parameters.push_back(query_doc("type", "array",
                                        "type of event, * stands for any text; may be repeated",
                                        schema::list(schema::text)));
    add("system", "string", "one business system with its payments and notifications");
    add("from", "string", "a position, an RFC 3339 time or a day in Seoul");
    add("to", "string", "the same; the end counts");
    made.parameters.push_back(number_doc("after", 0, INT64_MAX, "events after this position"));
    made.parameters.push_back(number_doc(
        "limit", 1, INT64_MAX, "at most so many events; Yeyak-Next-After says where to go on"));
    add("reason", "string", "why it is read");
    made.parameters.push_back(
        word_doc("format", {"json", "csv", "html", "table"}, "whatever Accept says"));
    made.parameters.push_back(number_doc("columns", trail::least_columns, trail::most_columns,
                                         "width of the table, in which what is longer is folded"));
    made.parameters.push_back(actor());
    made.responses = trail_answers();
    made.responses.push_back(api::refused(400, "an unknown or bad filter, or no reason"));
    made.responses.push_back(api::refused(404, "no such stream"));
    made.responses.push_back(api::refused(503, "too many readings at once"));
    made.produces = {"application/json", "text/html", "text/csv", "text/plain"};
    made.accepts = {};
    return made;
}

}  // namespace

void add_trail_routes(http::Router& router, const Server& at) {
    router.add({http::Method::post, "/audit/trail",
                [at, readings = std::make_shared<http::Places>(most_readings)](Request& request) {
                    return read_trail(at, *readings, request);
                },
                doc()});
}

}  // namespace yeyak::api
