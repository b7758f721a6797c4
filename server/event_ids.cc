#include "server/event_ids.h"

#include <fmt/format.h>

#include <set>

#include "eventstore/cloud_event.h"
#include "eventstore/hash.h"
#include "eventstore/record.h"
#include "kernel/ensure.h"
#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(server::NamedEvent)
}

namespace yeyak::server {
namespace {

using eventstore::Table;

// A second format of records must not make other content of the same event.
constexpr std::uint8_t content_format = 2;

std::string content_of(const std::string& stream, const eventstore::NewEvent& data) {
    eventstore::RecordedEvent event;
    event.format = content_format;
    event.stream = stream;
    event.data = data;
    return eventstore::to_hex(eventstore::sha256({eventstore::encode_entry(event)}));
}

}  // namespace

std::string event_id_key(std::string_view source, std::string_view id) {
    const auto hash = eventstore::sha256({source, std::string_view{"\0", 1}, id});
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

EventIds::EventIds(const eventstore::Commit& commit) {
    for (const auto& append : commit.appends)
        for (const auto& event : append.events) {
            Event one;
            if (!event.event_id.empty()) {
                one.id = event.event_id;
                one.key = event_id_key(eventstore::source_of(append.stream, event), event.event_id);
                one.content = content_of(append.stream, event);
            }
            events_.push_back(std::move(one));
        }
}

std::expected<void, IdUsed> EventIds::check_twice() const {
    std::set<std::string_view> keys;
    for (std::size_t i = 0; i < events_.size(); ++i)
        if (const auto& [id, key, content] = events_[i]; !key.empty() && !keys.insert(key).second)
            return std::unexpected(
                IdUsed{i, 0, fmt::format("two events of the request have the id {}", id)});
    return {};
}

std::expected<std::vector<NamedEvent>, IdUsed> EventIds::look_up(
    eventstore::EventStore& store) const {
    if (auto twice = check_twice(); !twice) return std::unexpected(std::move(twice).error());
    std::vector<NamedEvent> found;
    for (std::size_t i = 0; i < events_.size(); ++i) {
        const auto& [id, key, content] = events_[i];
        const auto value = key.empty() ? std::nullopt : store.staged_value(Table::event_id, key);
        if (!value) continue;
        auto known = from_json<NamedEvent>(*value);
        ensure(known.has_value(), "the place of a named event that was written can be read");
        const auto used = [&](std::string_view why) {
            return std::unexpected(
                IdUsed{i, known->position,
                       fmt::format("event {} of the log has the id {} of this source {}",
                                   known->position, id, why)});
        };
        if (known->content != content) return used("and says something else");
        if (found.size() < i) return used("and events before it in the request are new");
        if (!found.empty() && known->position <= found.back().position)
            return used("and stands before another of the request");
        found.push_back(*std::move(known));
    }
    if (found.empty() || found.size() == events_.size()) return found;
    return std::unexpected(
        IdUsed{found.size(), found.back().position,
               fmt::format("the first {} events of the request are recorded and the others are new",
                           found.size())});
}

void EventIds::name(eventstore::Commit& commit, std::vector<NamedEvent> places) const {
    ensure(places.size() == events_.size(), "every event has a place");
    for (std::size_t i = 0; i < events_.size(); ++i) {
        const auto& [id, key, content] = events_[i];
        if (key.empty()) continue;
        places[i].content = content;
        commit.writes.push_back({Table::event_id, key, to_json(places[i])});
    }
}

}  // namespace yeyak::server
