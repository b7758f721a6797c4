#include "privacy/holdings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "aggregates/engine/stream_system.h"
#include "eventstore/event_json.h"
#include "kernel/json_impl.h"
#include "privacy/seal.h"

namespace yeyak::privacy {
namespace {

// What is kept in the tables of the log, as far as it matters here.
struct OwedPayload {
    std::string type;
    std::string payload;
};
BOOST_DESCRIBE_STRUCT(OwedPayload, (), (type, payload))
struct OwedState {
    std::string type;
    std::string state;
};
BOOST_DESCRIBE_STRUCT(OwedState, (), (type, state))
struct OwedStream {
    std::string stream;
};
BOOST_DESCRIBE_STRUCT(OwedStream, (), (stream))
struct OwedEvent {
    std::string event_stream;
};
BOOST_DESCRIBE_STRUCT(OwedEvent, (), (event_stream))

}  // namespace
}  // namespace yeyak::privacy

namespace yeyak {
YEYAK_INSTANTIATE_JSON(privacy::OwedPayload)
YEYAK_INSTANTIATE_JSON(privacy::OwedState)
YEYAK_INSTANTIATE_JSON(privacy::OwedStream)
YEYAK_INSTANTIATE_JSON(privacy::OwedEvent)
}  // namespace yeyak

namespace yeyak::privacy {
namespace {

using eventstore::RecordedEvent;
using eventstore::StoreError;
using eventstore::StoreResult;
using eventstore::Table;

// "stream@version" at the end of a causation id: of an event, or of the timer that it set.
std::string_view cause_in(std::string_view causation) {
    if (!causation.starts_with("timer/")) return causation;
    causation.remove_prefix(6);
    causation.remove_prefix(std::min(causation.size(), causation.find('/') + 1));
    return causation.substr(0, causation.rfind('/'));
}

class Searcher {
  public:
    explicit Searcher(const Search& search) : search_(search) {
        for (const auto& name : search.key_names)
            marks_.push_back(fmt::format("{}{}:", seal_mark, name));
    }

    StoreResult<Holdings> run() {
        if (auto read = read_events(); !read) return std::unexpected(read.error());
        if (auto read = read_rows(); !read) return std::unexpected(read.error());
        for (const auto table :
             {Table::outbox, Table::timer, Table::inbox, Table::snapshot, Table::idempotency})
            if (auto read = read_table(table); !read) return std::unexpected(read.error());
        if (search_.with_content) {
            found_.events_json = fmt::format("[{}]", found_.events_json);
            for (auto& [view, rows] : found_.rows_json) rows = fmt::format("[{}]", rows);
            found_.owed_json = fmt::format("[{}]", found_.owed_json);
        }
        return std::move(found_);
    }

  private:
    bool holds_field(std::string_view text) const {
        return std::ranges::any_of(marks_, [&](const auto& mark) { return text.contains(mark); });
    }
    // Of somebody else.
    bool holds_other_field(std::string_view text) const {
        std::vector<std::string> names;
        collect_key_names(text, names);
        return std::ranges::any_of(names, [&](const auto& name) {
            return std::ranges::find(search_.key_names, name) == search_.key_names.end();
        });
    }
    bool has_tag(const RecordedEvent& event) const {
        return !search_.person.tag.empty() &&
               std::ranges::find(event.data.tags, search_.person.tag) != event.data.tags.end();
    }
    bool stopped() const { return search_.stop && *search_.stop; }
    static StoreError stop_error() { return {StoreError::Kind::busy, "the program stops"}; }

    bool is_about(const RecordedEvent& event) {
        if (system_of(event.stream) != search_.person.system) return false;
        const bool field = holds_field(event.data.payload);
        const bool direct = field || has_tag(event) || event.stream == search_.person.stream ||
                            events_.contains(std::string{cause_in(event.data.causation_id)});
        if (!field && holds_other_field(event.data.payload)) return false;
        if (!direct && !streams_.contains(event.stream)) return false;
        if (direct && event.version == 1) streams_.insert(event.stream);
        events_.insert(eventstore::id_of(event));
        if (field) ++found_.sealed_events;
        return true;
    }

    StoreResult<void> read_events() {
        eventstore::AllQuery query;
        const auto head = search_.log.head();
        while (query.after < head) {
            if (stopped()) return std::unexpected(stop_error());
            const auto page = search_.log.read_all(query);
            if (!page) return std::unexpected(page.error());
            for (const auto& event : page->events) {
                if (!is_about(*event)) continue;
                ++found_.events;
                if (search_.with_content)
                    eventstore::append_event_json(next(found_.events_json), *event);
            }
            query.after = page->next_after;
            if (search_.reached) search_.reached(query.after);
        }
        found_.position = query.after;
        return {};
    }

    bool is_row_about(const projections::View& view, std::string_view row) const {
        if (holds_field(row)) return true;
        return streams_.contains(projections::stream_of_row(view, row));
    }

    StoreResult<void> read_rows() {
        for (const auto& view : search_.known_views) {
            const std::string name{view->name()};
            const auto build = search_.views.active(name, view->version());
            if (!build) return std::unexpected(build.error());
            for (const auto list : {projections::List::active, projections::List::cancelled}) {
                const auto take = [&](std::string_view, const projections::StoredRow& row) {
                    if (is_row_about(*view, row.json)) {
                        ++found_.rows[name];
                        if (search_.with_content) next(found_.rows_json[name]) += row.json;
                    }
                    return !stopped();
                };
                if (auto scanned = search_.views.scan(*build, list, false, take); !scanned)
                    return scanned;
                if (stopped()) return std::unexpected(stop_error());
            }
        }
        return {};
    }

    // The stream that an entry of a table is of, or an empty text.
    static std::string stream_of_entry(Table table, const eventstore::TableEntry& entry) {
        const auto before_version = [](std::string_view text) {
            return std::string{text.substr(0, text.rfind('@'))};
        };
        if (table == Table::outbox) return before_version(entry.key);
        if (table == Table::timer) return before_version(cause_in("timer/" + entry.key));
        if (table == Table::snapshot) return entry.key;
        if (table == Table::inbox)
            return from_json<OwedEvent>(entry.value).value_or(OwedEvent{}).event_stream;
        return from_json<OwedStream>(entry.value).value_or(OwedStream{}).stream;
    }

    static std::string data_of(Table table, const std::string& value) {
        if (table == Table::idempotency) return value;
        if (table == Table::snapshot) {
            const auto owed = from_json<OwedState>(value);
            return owed ? owed->state : "null";
        }
        const auto owed = from_json<OwedPayload>(value);
        return owed && !owed->payload.empty() ? owed->payload : "null";
    }

    StoreResult<void> read_table(Table table) {
        constexpr std::string_view names[] = {"",        "answer", "effect",  "timer",
                                              "message", "",       "snapshot"};
        std::string after;
        while (true) {
            if (stopped()) return std::unexpected(stop_error());
            const auto page = search_.log.entries(table, "", after, 1000);
            if (!page) return std::unexpected(page.error());
            if (page->empty()) return {};
            for (const auto& entry : *page) {
                if (!holds_field(entry.value) && !streams_.contains(stream_of_entry(table, entry)))
                    continue;
                ++found_.owed;
                if (!search_.with_content) continue;
                auto& out = next(found_.owed_json);
                out += fmt::format("{{\"what\":\"{}\",\"key\":",
                                   names[static_cast<std::size_t>(table)]);
                append_json_string(out, entry.key);
                out += fmt::format(",\"data\":{}}}", data_of(table, entry.value));
            }
            after = page->back().key;
        }
    }

    static std::string& next(std::string& list) {
        if (!list.empty()) list += ',';
        return list;
    }

    const Search& search_;
    std::vector<std::string> marks_;
    Holdings found_;
    std::set<std::string> events_;  // "stream@version"
    std::set<std::string, std::less<>> streams_;
};

}  // namespace

StoreResult<Holdings> find_holdings(const Search& search) { return Searcher{search}.run(); }

}  // namespace yeyak::privacy
