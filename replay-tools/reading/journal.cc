#include "replay-tools/reading/journal.h"

#include "kernel/events.h"

namespace yeyak::tools {
namespace {

eventstore::StoreError failure_of(const eventstore::Conflict& conflict) {
    using Kind = eventstore::StoreError::Kind;
    return {conflict.kind == eventstore::Conflict::Kind::unavailable ? Kind::no_space : Kind::io,
            "it could not be recorded: " + conflict.detail};
}

}  // namespace

eventstore::StoreResult<eventstore::Position> record_at_rest(eventstore::EventStore& log,
                                                             Instant now, const std::string& actor,
                                                             const operations::Event& fact) {
    eventstore::NewEvent event;
    event.type = type_of(fact);
    event.payload = encode_event(fact);
    event.causation_id = "command";
    event.actor = actor;
    event.tags = operations::Contract::tags(fact);
    eventstore::Commit commit;
    commit.time = now;
    const auto stream =
        std::string{operations::Contract::category} + "-" + operations::journal_of(fact);
    commit.appends.push_back({stream, eventstore::Expected::any(), {std::move(event)}});
    if (auto writable = log.writable(); !writable) return std::unexpected(writable.error());
    const auto staged = log.stage(std::move(commit));
    if (!staged) return std::unexpected(failure_of(staged.error()));
    const auto flushed = log.flush();
    if (!flushed) return std::unexpected(flushed.error());
    return staged->last;
}

}  // namespace yeyak::tools
