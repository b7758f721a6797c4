#include "replay-tools/replay/explain.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "kernel/percent.h"
#include "projections/rebuild/skips.h"
#include "projections/runner/row_history.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/remote/server.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/terminal/interrupt.h"

namespace yeyak::tools {
namespace {

using eventstore::Position;
using eventstore::StoreError;

ExplainError error_of(ExitCode code, std::string message) {
    return {to_int(code), std::move(message)};
}

ExplainError error_of(const StoreError& error) {
    if (interrupted()) return error_of(ExitCode::interrupted, "interrupted");
    return error_of(exit_code_of(error), error.detail);
}

ExplainError not_of_this_row(const ExplainQuery& query) {
    return error_of(ExitCode::failed, fmt::format("event {} did not make row {} of {}",
                                                  query.without, query.key, query.view));
}

std::string path_of(const ExplainQuery& query, Position after) {
    auto path = fmt::format("/projections/{}/rows/{}/history?after={}&limit=1000",
                            percent_encode(query.view), percent_encode(query.key), after);
    if (query.without > 0) path += fmt::format("&without={}", query.without);
    if (!query.as_of.empty()) path += fmt::format("&asOf={}", percent_encode(query.as_of));
    return path;
}

ExplainError error_of(const remote::Failure& failure) {
    const auto code = failure.status == 0                              ? ExitCode::no_server
                      : failure.status == 404 || failure.status == 422 ? ExitCode::failed
                                                                       : ExitCode::cannot_read;
    return error_of(code, failure.message);
}

// What a page says; `after` is where the next one begins, nothing when this was the last.
std::expected<std::optional<Position>, ExplainError> read_page(const std::string& body,
                                                               Explained& explained,
                                                               const EachEvent& each) {
    simdjson::dom::parser parser;
    const auto page = parser.parse(simdjson::padded_string{body});
    simdjson::dom::array events;
    std::uint64_t next = 0;
    bool end = false;
    if (page["position"].get(explained.position) != simdjson::SUCCESS ||
        page["eventCount"].get(explained.events) != simdjson::SUCCESS ||
        page["unreadable"].get(explained.unreadable) != simdjson::SUCCESS ||
        page["events"].get(events) != simdjson::SUCCESS ||
        page["end"].get(end) != simdjson::SUCCESS ||
        (!end && page["nextAfter"].get(next) != simdjson::SUCCESS))
        return std::unexpected(
            error_of(ExitCode::cannot_read, "the server's answer is no history of a row"));
    for (const auto event : events) each(simdjson::minify(event));
    simdjson::dom::object row;
    if (page["row"].get(row) == simdjson::SUCCESS) explained.row = simdjson::minify(row);
    std::string_view first;
    if (page["firstUnreadable"].get(first) == simdjson::SUCCESS) explained.first_unreadable = first;
    if (end) return std::nullopt;
    return next;
}

}  // namespace

std::expected<Position, ExplainError> position_named(const eventstore::EventStore& log,
                                                     std::string_view as_of) {
    if (as_of.empty()) return log.head();
    const auto point = projections::parse_as_of(as_of);
    if (!point)
        return std::unexpected(error_of(
            ExitCode::usage,
            fmt::format("{} is neither a position of the log nor a time as in RFC 3339, such as "
                        "2026-11-20T12:00:00+09:00",
                        as_of)));
    if (const auto* position = std::get_if<Position>(&*point)) {
        if (*position <= log.head()) return *position;
        return std::unexpected(error_of(
            ExitCode::failed,
            fmt::format("the log ends at {}; there is no position {} yet", log.head(), *position)));
    }
    const auto position = projections::position_at(log, std::get<Instant>(*point));
    if (!position) return std::unexpected(error_of(position.error()));
    return *position;
}

ExplainResult explain_folder(const projections::Views& views, const std::filesystem::path& data,
                             const ExplainQuery& query, const EachEvent& each) {
    const auto log = open_log(data);
    if (!log) return std::unexpected(error_of(log.error()));
    const auto last = position_named(**log, query.as_of);
    if (!last) return std::unexpected(last.error());
    Progress progress{fmt::format("explain {} of {}", query.key, query.view), *last};
    const auto reached = [&](Position position) {
        progress.reached(position);
        return !interrupted();
    };
    const auto made = [&](const eventstore::EventPtr& event, const projections::Touch& touch) {
        progress.clear();
        each(projections::json_of_touch(*event, touch));
    };
    auto skips = projections::read_skips(**log, *last);
    if (!skips) return std::unexpected(error_of(skips.error()));
    projections::RowHistoryQuery wanted{projections::find_view(views, query.view), query.key, *last,
                                        query.without, std::move((*skips)[query.view])};
    const auto history = projections::row_history(**log, wanted, made, reached);
    progress.clear();
    if (!history) return std::unexpected(error_of(history.error()));
    if (query.without > 0 && !history->left_out) return std::unexpected(not_of_this_row(query));
    Explained explained{*last, history->events, {}, history->unreadable, history->first_unreadable};
    if (history->row) explained.row = history->row->json;
    return explained;
}

ExplainResult explain_server(const remote::Address& address, const ExplainQuery& query,
                             const EachEvent& each) {
    remote::Server server{address};
    Explained explained;
    auto asked = query;
    std::optional<Position> after{0};
    while (after) {
        const auto answer = server.get(path_of(asked, *after));
        if (!answer && answer.error().code == "not_found") return explained;
        if (!answer) return std::unexpected(error_of(answer.error()));
        auto next = read_page(answer->body, explained, each);
        if (!next) return std::unexpected(std::move(next).error());
        after = *next;
        asked.as_of = std::to_string(explained.position);  // whatever is appended meanwhile
    }
    return explained;
}

}  // namespace yeyak::tools
