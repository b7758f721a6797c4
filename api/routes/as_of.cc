#include "api/routes/as_of.h"

#include <fmt/format.h>

#include "api/routes/common.h"
#include "api/routes/route_docs.h"
#include "kernel/ensure.h"
#include "server/platform.h"

namespace yeyak::api {

using boost::asio::awaitable;
using http::problem;
using http::Response;

namespace {

// A build that takes longer goes on; whoever asks again later finds it.
constexpr std::chrono::seconds build_wait{25};

Response later(std::string_view detail) {
    auto response = problem(503, "as_of_busy", detail, "asOf");
    response.headers.add("Retry-After", "2");
    return response;
}

}  // namespace

Response problem_of(const server::PastError& error, std::string_view parameter,
                    std::string_view command) {
    if (error.kind == server::PastError::Kind::busy)
        return later(fmt::format("the past cannot be read now: {}; try again", error.detail));
    if (error.kind == server::PastError::Kind::failed)
        return problem(500, "store_error", error.detail);
    return problem(422, "as_of_too_far",
                   fmt::format("{} events of the log would have to be read, at most {} are "
                               "(views.as_of_max_events); {} answers it without that bound",
                               error.events, error.most, command),
                   parameter);
}

std::optional<projections::AsOfPoint> as_of_asked(QueryReader& query) {
    const auto text = query.text("asOf");
    if (!text) return std::nullopt;
    for (const auto* other : {"minPosition", "consistency"})
        if (query.text(other))
            query.refuse(other, "has no meaning beside asOf, which names one moment");
    const auto point = projections::parse_as_of(*text);
    if (!point)
        query.refuse("asOf",
                     "is a position of the log, such as 17, or a time as in RFC 3339, such as "
                     "2026-11-20T12:00:00+09:00");
    return point;
}

std::expected<Position, Response> position_asked(const server::Reads& reads,
                                                 projections::AsOfPoint as_of) {
    const Position head = reads.log().head();
    if (const auto* position = std::get_if<Position>(&as_of)) {
        if (*position <= head) return *position;
        return std::unexpected(
            problem(409, "beyond_the_log",
                    fmt::format("the log ends at {}; there is no position {} yet", head, *position),
                    "asOf"));
    }
    const auto at = std::get<Instant>(as_of);
    if (at > reads.now())
        return std::unexpected(
            problem(409, "beyond_the_log",
                    fmt::format("it is {} now; what {} will show is not known yet",
                                to_text(reads.now()), to_text(at)),
                    "asOf"));
    const auto position = projections::position_at(reads.log(), at);
    if (!position) return std::unexpected(problem_of(position.error()));
    return *position;
}

awaitable<std::expected<server::ViewAt, Response>> view_as_of(server::Reads& reads,
                                                              std::string view,
                                                              projections::AsOfPoint as_of) {
    const auto position = position_asked(reads, as_of);
    if (!position) co_return std::unexpected(position.error());
    const auto* known = projections::find_view(reads.platform().views, view);
    ensure(known != nullptr, "a view that is listed is registered");
    const auto built = co_await reads.as_of(*known, *position, build_wait);
    if (!built)
        co_return std::unexpected(
            later("the view as of that moment is still being built; ask again"));
    if (!*built) {
        const auto command =
            fmt::format("yeyak replay --as-of {} --view {} --data DIR", *position, view);
        co_return std::unexpected(problem_of(built->error(), "asOf", command));
    }
    co_return **built;
}

void describe_as_of(http::RouteDoc& doc) {
    doc.parameters.push_back({"asOf", "query", "string", false,
                              "answer as it was answered then: a position of the log, or a time "
                              "(RFC 3339); not with minPosition or consistency"});
    doc.responses.push_back(refused(422, "asOf is too far from what is kept: as_of_too_far"));
}

}  // namespace yeyak::api
