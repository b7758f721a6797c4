#include "eventstore/staging.h"

#include <algorithm>

#include "eventstore/record.h"
#include "eventstore/times.h"
#include "kernel/ensure.h"

namespace yeyak::eventstore {

bool meets(const Expected& expected, Version found) {
    switch (expected.kind) {
        case Expected::Kind::any:
            return true;
        case Expected::Kind::no_stream:
            return found == 0;
        case Expected::Kind::exists:
            return found > 0;
        case Expected::Kind::exact:
            return found == expected.version;
    }
    return false;
}

namespace {

// Names end up in keys, where NUL separates: refused with all other control characters.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= max_name_bytes &&
           std::ranges::none_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Conflict conflict_of(Conflict::Kind kind, std::string detail) {
    Conflict conflict;
    conflict.kind = kind;
    conflict.detail = std::move(detail);
    return conflict;
}

Conflict limit(std::string detail, std::size_t index) {
    auto conflict = conflict_of(Conflict::Kind::limit, std::move(detail));
    conflict.index = index;
    return conflict;
}

std::size_t attribute_bytes(const NewEvent& event) {
    std::size_t bytes = 0;
    for (const auto& attribute : event.attributes)
        bytes += attribute.name.size() + attribute.value.size();
    return bytes;
}

std::optional<std::string> too_large(const NewEvent& event) {
    if (!is_name(event.type)) return "an event type is 1 to 200 bytes without control characters";
    if (event.payload.size() > max_payload_bytes) return "a payload is at most 1 MiB";
    if (event.tags.size() > max_tags) return "an event has at most 32 tags";
    if (!std::ranges::all_of(event.tags, is_name))
        return "a tag is 1 to 200 bytes without control characters";
    if (event.attributes.size() > max_attributes) return "an event has at most 32 attributes";
    if (attribute_bytes(event) > max_attribute_bytes)
        return "the attributes of an event have at most 4096 bytes together";
    for (const auto* id :
         {&event.event_id, &event.correlation_id, &event.causation_id, &event.actor})
        if (id->size() > max_name_bytes) return "ids and actors are at most 200 bytes";
    return std::nullopt;
}

}  // namespace

Capabilities StagingStore::capabilities() const {
    return {.durable_before_ack = true,
            .gapless_positions = true,
            .atomic_across_streams = true,
            .max_events_per_commit = max_events_per_commit,
            .max_payload_bytes = max_payload_bytes};
}

StoreResult<void> StagingStore::writable() {
    if (failure_) return std::unexpected(*failure_);
    return {};
}

bool StagingStore::is_full() const {
    return batch_.events.size() >= full_batch_events || batch_bytes_ >= full_batch_bytes;
}

Version StagingStore::head_of(const std::string& stream) {
    if (const auto staged = staged_heads_.find(stream); staged != staged_heads_.end())
        return staged->second;
    if (const Version* known = heads_.find(stream)) return *known;
    const auto stored = stored_head(stream);
    if (!stored) {
        fail(stored.error());
        return 0;
    }
    return heads_.put(stream, *stored);
}

Version StagingStore::staged_head(std::string_view stream) { return head_of(std::string{stream}); }

std::optional<std::string> StagingStore::staged_value(Table table, std::string_view key) {
    const auto staged = batch_.tables.find({table, std::string{key}});
    if (staged != batch_.tables.end()) return staged->second;
    auto stored = value(table, key);
    if (!stored) {
        fail(stored.error());
        return std::nullopt;
    }
    return *std::move(stored);
}

std::optional<Conflict> StagingStore::check_limits(const Commit& commit) const {
    std::size_t events = 0;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < commit.appends.size(); ++i) {
        const auto& append = commit.appends[i];
        if (!is_name(append.stream))
            return limit("a stream name is 1 to 200 bytes without control characters", i);
        if (append.events.empty()) return limit("an append holds at least one event", i);
        for (const auto& event : append.events) {
            if (auto detail = too_large(event)) return limit(*std::move(detail), i);
            bytes += event.payload.size();
        }
        events += append.events.size();
    }
    if (events > max_events_per_commit) return limit("a commit holds at most 4096 events", 0);
    for (const auto& write : commit.writes)
        bytes += write.key.size() + (write.value ? write.value->size() : 0);
    if (bytes > max_commit_bytes) return limit("a commit holds at most 64 MiB", 0);
    return std::nullopt;
}

std::optional<Conflict> StagingStore::check_streams(const Commit& commit) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < commit.appends.size(); ++i) {
        const auto& append = commit.appends[i];
        if (!seen.insert(append.stream).second) {
            if (append.expected.kind == Expected::Kind::any) continue;
            return limit("a stream has its expectation where the commit names it first", i);
        }
        const Version found = head_of(append.stream);
        if (failure_) return conflict_of(Conflict::Kind::unavailable, failure_->detail);
        if (meets(append.expected, found)) continue;
        Conflict conflict;
        conflict.stream = append.stream;
        conflict.found = found;
        conflict.index = i;
        return conflict;
    }
    return std::nullopt;
}

std::optional<Conflict> StagingStore::check_conditions(
    const std::vector<Unchanged>& conditions) const {
    std::size_t values = 0;
    for (const auto& condition : conditions)
        values += std::max<std::size_t>(1, condition.filter.values());
    if (values > max_condition_values)
        return conflict_of(Conflict::Kind::too_wide,
                           "the conditions of a commit name at most 100 values together");
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        auto conflict = check_condition(conditions[i], max_condition_steps / conditions.size());
        if (!conflict) continue;
        conflict->index = i;
        return conflict;
    }
    return std::nullopt;
}

std::optional<Conflict> StagingStore::check_condition(const Unchanged& condition,
                                                      std::size_t steps) const {
    Conflict conflict;
    conflict.kind = Conflict::Kind::condition;
    AllQuery query;
    query.after = condition.after;
    query.filter = condition.filter;
    query.max_events = 1;
    query.max_steps = steps;
    const auto stored = read_all(query);
    if (!stored) return conflict_of(Conflict::Kind::unavailable, stored.error().detail);
    if (!stored->events.empty()) {
        conflict.position = stored->events.front()->position;
        return conflict;
    }
    if (!stored->end)
        return conflict_of(Conflict::Kind::too_wide,
                           "too many events after its position have some of what it asks for; give "
                           "a later position, or fewer and rarer values");
    for (const auto& entry : batch_.events) {
        const auto& event = *entry.event;
        if (event.position <= condition.after) continue;
        if (!condition.filter.matches(event.stream, event.data)) continue;
        conflict.position = event.position;
        return conflict;
    }
    return std::nullopt;
}

// The time of the newest event, if runs of times are kept in this log.
StoreResult<std::optional<Instant>> StagingStore::newest_noted() const {
    const auto runs = entries(Table::time, "", "", 1);
    if (!runs) return std::unexpected(runs.error());
    if (runs->empty()) return std::nullopt;
    return time_of(*this, head());
}

// Keeps where times go back, and where this began to be kept; see times.h.
void StagingStore::note_time(Instant time) {
    if (!newest_) {
        const auto newest = newest_noted();
        if (!newest) return fail(newest.error());
        newest_ = *newest;
    }
    if (!newest_ || time < *newest_)
        batch_.tables.insert_or_assign({Table::time, time_key(staged_position_ + 1)}, "");
    newest_ = time;
    if (staged_position_ - times_marked_ < times_marked_every) return;
    times_marked_ = staged_position_;
    batch_.tables.insert_or_assign({Table::checkpoint, std::string{times_follower}},
                                   times_mark(staged_position_));
}

std::expected<Staged, Conflict> StagingStore::stage(Commit commit) {
    if (failure_)
        return std::unexpected(conflict_of(Conflict::Kind::unavailable, failure_->detail));
    if (auto conflict = check_limits(commit)) return std::unexpected(*std::move(conflict));
    if (auto conflict = check_streams(commit)) return std::unexpected(*std::move(conflict));
    if (auto conflict = check_conditions(commit.conditions))
        return std::unexpected(*std::move(conflict));
    if (!commit.appends.empty()) note_time(commit.time);
    if (failure_)
        return std::unexpected(conflict_of(Conflict::Kind::unavailable, failure_->detail));
    Staged staged;
    for (auto& append : commit.appends) {
        const Version before = head_of(append.stream);
        Version& version = staged_heads_.insert_or_assign(append.stream, before).first->second;
        for (auto& data : append.events) {
            auto event = std::make_shared<RecordedEvent>();
            event->position = ++staged_position_;
            event->version = ++version;
            event->time = commit.time;
            event->stream = append.stream;
            event->data = std::move(data);
            std::string record = encode_record(*event);
            batch_bytes_ += record.size();
            batch_.events.push_back({std::move(event), std::move(record)});
            if (staged.first == 0) staged.first = staged_position_;
            staged.last = staged_position_;
        }
        staged.versions.push_back(heads_.put(append.stream, version));
    }
    for (auto& write : commit.writes) {
        batch_bytes_ += write.value ? write.value->size() : 0;
        batch_.tables.insert_or_assign({write.table, std::move(write.key)}, std::move(write.value));
    }
    return staged;
}

StoreResult<Position> StagingStore::flush() {
    if (failure_) return std::unexpected(*failure_);
    if (batch_.empty()) return head();
    if (auto persisted = persist(batch_); !persisted) {
        fail(std::move(persisted).error());
        return std::unexpected(*failure_);
    }
    std::vector<EventPtr> events;
    events.reserve(batch_.events.size());
    for (auto& entry : batch_.events) events.push_back(std::move(entry.event));
    batch_ = {};
    batch_bytes_ = 0;
    staged_heads_.clear();
    tail_.publish(std::move(events));
    ensure(head() == staged_position_, "all that was staged is visible");
    return staged_position_;
}

void StagingStore::fail(StoreError error) {
    if (failure_) return;
    error.kind = StoreError::Kind::unknown;
    failure_ = std::move(error);
}

}  // namespace yeyak::eventstore
