#include "replay-tools/audit/checks.h"

#include <fmt/format.h>

#include "aggregates/engine/pending.h"
#include "kernel/json.h"
#include "kernel/message.h"

namespace yeyak::tools {

using eventstore::Table;

std::vector<CheckPtr> all_checks(const Platform& platform, bool quick) {
    std::vector<CheckPtr> checks;
    checks.push_back(check_opens());
    checks.push_back(check_positions());
    checks.push_back(check_checksums());
    if (!quick) checks.push_back(check_leaves());
    checks.push_back(check_tree());
    checks.push_back(check_witness());
    checks.push_back(check_streams());
    checks.push_back(check_postings());
    checks.push_back(check_times());
    checks.push_back(check_idempotency());
    checks.push_back(check_outbox());
    checks.push_back(check_timers());
    checks.push_back(check_inbox());
    checks.push_back(check_event_ids());
    if (quick) return checks;
    checks.push_back(check_events(platform.systems));
    checks.push_back(check_sagas(platform.systems));
    checks.push_back(check_payments());
    checks.push_back(check_money(platform.systems));
    for (const auto& system : platform.systems)
        for (const auto& invariant : system.invariants) checks.push_back(invariant());
    checks.push_back(check_views(platform.views));
    return checks;
}

Finding at(const eventstore::RecordedEvent& event, std::string found, std::string expected) {
    return {event.position, event.stream, event.version, std::move(found), std::move(expected)};
}

// Entries that do not decode are left to the checks of their tables.
const std::set<std::string, std::less<>>& Audited::pending_streams() const {
    if (pending_) return *pending_;
    pending_.emplace();
    (void)log->table(Table::outbox, [&](auto, std::string_view value) {
        if (const auto effect = from_json<PendingEffect>(value))
            pending_->insert(stream_of(effect->category, effect->id));
    });
    (void)log->table(Table::timer, [&](auto, std::string_view value) {
        if (const auto timer = from_json<PendingTimer>(value))
            pending_->insert(stream_of(timer->category, timer->id));
    });
    (void)log->table(Table::inbox, [&](auto, std::string_view value) {
        const auto message = from_json<PendingMessage>(value);
        if (!message) return;
        if (!message->event_stream.empty()) pending_->insert(message->event_stream);
        if (!message->id.empty()) pending_->insert(stream_of(message->category, message->id));
        if (!message->from_category.empty())
            pending_->insert(stream_of(message->from_category, message->from_id));
    });
    return *pending_;
}

}  // namespace yeyak::tools
