// A view as it was at an earlier position: what a reader asks for, which position that is, and the
// folding up to it. Readers of the past build aside; nothing of the live builds is touched.
//
// Errors are those of the store. Any thread.
#pragma once
#include <functional>
#include <optional>
#include <string_view>
#include <variant>

#include "eventstore/event_store.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

// asOf=17 or asOf=2026-11-20T12:00:00+09:00 (RFC 3339). In a query a "+" reads as a space; both are
// taken. Nothing for any other text.
using AsOfPoint = std::variant<Position, Instant>;
std::optional<AsOfPoint> parse_as_of(std::string_view text);

// The position P of the log at a time: the event at P is not later than `at`, the one after it is.
// Times do not go back while a server runs, so P is the last event that is not later. When the
// clock was set back between two runs, several positions have that property; P is the one that
// halving the log in powers of two finds, and growth of the log does not change it unless there are
// newer events that are not later than `at`. 0 when every event is later. Reads log2(head) events.
StoreResult<Position> position_at(const eventstore::EventStore& log, Instant at);

// Brings a builder from `after` to `last` with the events of the view's categories alone. Calls
// `reached` after each batch with the position reached; false ends it with the error "interrupted".
struct FoldRange {
    Position after = 0;
    Position last = 0;
    std::size_t batch = 20'000;
};
using Reached = std::function<bool(Position)>;
StoreResult<void> fold_up_to(const eventstore::EventStore& log, const View& view, Builder& builder,
                             const FoldRange& range, const Reached& reached);

// Reads the events of some categories (none: all) up to `last`, page by page, until `visit` answers
// false. `visit` also gets the position up to which nothing was left out.
using VisitPage = std::function<StoreResult<bool>(const std::vector<eventstore::EventPtr>& events,
                                                  Position reached)>;
StoreResult<void> read_pages(const eventstore::EventStore& log,
                             const std::vector<std::string>& categories, const FoldRange& range,
                             const VisitPage& visit);

extern const StoreError interrupted_error;

}  // namespace yeyak::projections
