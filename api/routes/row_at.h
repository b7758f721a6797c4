// The row that a view shows of one stream alone, as it was at the version of a reply. Folded from
// the log and not read from the view: so a repeated Idempotency-Key gets the answer of the first
// time, and an answer never waits for a view.
#pragma once
#include <string>

#include "api/routes/command.h"
#include "kernel/ensure.h"
#include "kernel/events.h"
#include "kernel/json.h"

namespace yeyak::api {

// V is a view (projections/runner/projector.h), Contract the source of it that owns the stream.
template <class V, class Contract>
StoreResult<std::string> row_at(const server::Reads& reads, const Reply& reply) {
    const auto history = history_of(reads, reply);
    if (!history) return std::unexpected(history.error());
    typename V::Row row{};
    for (const auto& event : *history) {
        const auto typed =
            decode_event<typename Contract::Event>(event->data.type, event->data.payload);
        ensure(typed.has_value(), "an event that was written can be read");
        std::visit([&](const auto& e) { V::apply(row, e, event->time); }, *typed);
    }
    return to_json(row);
}

}  // namespace yeyak::api
