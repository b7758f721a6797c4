// Where the history of a row comes from: a data folder, or a running server. Both give the same
// JSON, event by event, so that what is printed does not depend on it.
#pragma once
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "eventstore/event_store.h"
#include "projections/runner/projector.h"
#include "replay-tools/remote/client.h"

namespace yeyak::tools {

struct ExplainQuery {
    std::string view;  // a registered one
    std::string key;
    std::string as_of;                 // position or time; empty: the end of the log
    eventstore::Position without = 0;  // 0: with all events
};

struct Explained {
    eventstore::Position position = 0;  // up to where the log was read
    std::uint64_t events = 0;           // that made the row
    std::optional<std::string> row;     // JSON; none: no event made it
    std::uint64_t unreadable = 0;
    std::string first_unreadable;
};

struct ExplainError {
    int exit_code = 0;
    std::string message;
};
using ExplainResult = std::expected<Explained, ExplainError>;

// Called with each event that made the row: see projections::json_of_touch().
using EachEvent = std::function<void(const std::string& json)>;

ExplainResult explain_folder(const projections::Views& views, const std::filesystem::path& data,
                             const ExplainQuery& query, const EachEvent& each);
// A page of the history after the other.
ExplainResult explain_server(const remote::Address& server, const ExplainQuery& query,
                             const EachEvent& each);

// The position that --as-of means, at most the end of the log; otherwise why not.
std::expected<eventstore::Position, ExplainError> position_named(const eventstore::EventStore& log,
                                                                 std::string_view as_of);

}  // namespace yeyak::tools
