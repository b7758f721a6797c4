#include "server/auth/revoked_tokens.h"

#include <fmt/format.h>

#include "kernel/events.h"

namespace yeyak::server {

using eventstore::StoreError;
using eventstore::StoreResult;

namespace {

StoreResult<void> take(const eventstore::RecordedEvent& event, auth::Revocations& revocations) {
    const auto fact = decode_event<operations::Event>(event.data.type, event.data.payload);
    if (!fact)
        return std::unexpected(StoreError{
            StoreError::Kind::corrupt,
            fmt::format("event {} is no revocation: {}", event.position, fact.error().detail)});
    if (const auto* revoked = std::get_if<operations::TokensRevoked>(&*fact))
        revocations.revoke(revoked->subject, revoked->issued_until);
    return {};
}

}  // namespace

operations::TokensRevoked revocation_of(std::string subject, std::string reason, Instant now) {
    operations::TokensRevoked fact;
    fact.subject = std::move(subject);
    fact.issued_until = now;
    fact.reason = std::move(reason);
    return fact;
}

StoreResult<void> read_revocations(const eventstore::EventStore& log,
                                   auth::Revocations& revocations) {
    eventstore::StreamQuery query;
    query.stream = fmt::format("{}-{}", operations::Contract::category,
                               operations::journal_of(operations::TokensRevoked{}));
    query.from = 1;
    while (true) {
        const auto page = log.read_stream(query);
        if (!page) return std::unexpected(page.error());
        for (const auto& event : page->events)
            if (auto taken = take(*event, revocations); !taken) return taken;
        if (page->end || page->events.empty()) return {};
        query.from = page->events.back()->version + 1;
    }
}

}  // namespace yeyak::server
