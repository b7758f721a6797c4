// The tables beside the log: kept answers, effects, timers and messages that are owed. Every entry
// can be read and belongs to an event that exists.
#include <fmt/format.h>

#include <charconv>

#include "aggregates/engine/engine.h"
#include "aggregates/engine/pending.h"
#include "eventstore/bytes.h"
#include "eventstore/cloud_event.h"
#include "eventstore/times.h"
#include "kernel/message.h"
#include "replay-tools/audit/checks.h"
#include "replay-tools/terminal/text.h"
#include "server/append.h"
#include "server/event_ids.h"

namespace yeyak::tools {
namespace {

using eventstore::Table;

struct EventId {
    std::string stream;
    Version version = 0;
};

// "stream@version"
std::optional<EventId> parse_event_id(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos) return std::nullopt;
    EventId id{std::string{text.substr(0, at)}, 0};
    const char* const end = text.data() + text.size();
    const auto number = std::from_chars(text.data() + at + 1, end, id.version);
    if (number.ec != std::errc{} || number.ptr != end) return std::nullopt;
    return id;
}

std::string to_hex_text(std::string_view bytes) {
    std::string text;
    for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

// Goes through one table; the subclass judges each entry.
class TableCheck : public Check {
  public:
    TableCheck(std::string name, Table table) : Check(std::move(name)), table_(table) {}
    void finish(const Audited& audited) override {
        readable(audited.log->table(table_, [&](std::string_view key, std::string_view value) {
            counted();
            entry(*audited.log, key, value);
        }));
        ended(*audited.log);
    }

  protected:
    virtual void entry(const RawLog& log, std::string_view key, std::string_view value) = 0;
    virtual void ended(const RawLog&) {}

    template <class Pending>
    std::optional<Pending> decode(std::string_view key, std::string_view value) {
        auto pending = from_json<Pending>(value);
        if (pending) return *std::move(pending);
        bad(key, fmt::format("{} {}", pending.error().field, pending.error().detail),
            "an entry that can be read");
        return std::nullopt;
    }
    void bad(std::string_view key, std::string found, std::string expected) {
        fail({.found = fmt::format("entry {}: {}", printable(key), found),
              .expected = std::move(expected)});
    }
    // That the event exists, in the index and in the log.
    bool exists(const RawLog& log, std::string_view key, const EventId& id) {
        const auto position = log.position_of(id.stream, id.version);
        if (position && *position) {
            const auto record = log.record(**position);
            if (record.event && record.event->stream == id.stream &&
                record.event->version == id.version)
                return true;
        }
        fail({.stream = id.stream,
              .version = id.version,
              .found = fmt::format("entry {}, but no such event", printable(key)),
              .expected = "the event that the entry belongs to"});
        return false;
    }

  private:
    Table table_;
};

class Idempotency final : public TableCheck {
  public:
    Idempotency() : TableCheck("idempotency records", Table::idempotency) {}

  private:
    void entry(const RawLog& log, std::string_view key, std::string_view value) override {
        // The scope in front of the key tells whose answer it is (api/routes).
        if (key.starts_with("streams/") || key.starts_with("commits/"))
            return append_entry(log, key, value);
        const auto record = decode<IdempotencyRecord>(key, value);
        if (!record) return;
        if (record->position > log.head()) {
            bad(key, fmt::format("an answer at event {}", record->position),
                fmt::format("at most {}, the end of the log", log.head()));
            return;
        }
        if (record->version == 0) return;  // a refusal about a stream that does not exist
        if (!exists(log, key, {record->stream, record->version})) return;
        const auto position = log.position_of(record->stream, record->version);
        if (**position > record->position)
            bad(key, fmt::format("an answer at event {}", record->position),
                fmt::format("at or after event {}, which it is about", **position));
    }

    // The answer to an append of another program.
    void append_entry(const RawLog& log, std::string_view key, std::string_view value) {
        const auto outcome = decode<server::AppendOutcome>(key, value);
        if (!outcome || outcome->code != server::AppendEnd::ok) return;  // a refusal wrote nothing
        if (outcome->first == 0 || outcome->first > outcome->last || outcome->last > log.head())
            bad(key, fmt::format("events {} to {}", outcome->first, outcome->last),
                fmt::format("events from 1 to {}, the end of the log", log.head()));
    }
};

class Outbox final : public TableCheck {
  public:
    Outbox() : TableCheck("outbox entries", Table::outbox) {}

  private:
    void entry(const RawLog& log, std::string_view key, std::string_view value) override {
        const auto effect = decode<PendingEffect>(key, value);
        if (!effect) return;
        const auto id = parse_event_id(key);
        if (!id) return bad(key, "a key that names no event", "stream@version");
        if (!exists(log, key, *id)) return;
        if (const auto waits = stream_of(effect->category, effect->id); waits != id->stream)
            bad(key, fmt::format("an effect whose outcome goes to {}", waits), id->stream);
    }
};

class Timers final : public TableCheck {
  public:
    Timers() : TableCheck("timer entries", Table::timer) {}

  private:
    void entry(const RawLog& log, std::string_view key, std::string_view value) override {
        const auto timer = decode<PendingTimer>(key, value);
        if (!timer) return;
        const auto index = key.rfind('/');
        const auto id = key.size() > 21 && index > 21 && key[20] == '/'
                            ? parse_event_id(key.substr(21, index - 21))
                            : std::nullopt;
        if (!id) return bad(key, "a key that names no event", "due/stream@version/index");
        if (!exists(log, key, *id)) return;
        if (const auto due = fmt::format("{:020}", timer->due.ms); !key.starts_with(due))
            bad(key, fmt::format("a timer that is due at {}", due), "the time in its key");
    }
};

class Inbox final : public TableCheck {
  public:
    Inbox() : TableCheck("inbox entries", Table::inbox) {}

  private:
    void entry(const RawLog& log, std::string_view key, std::string_view value) override {
        const auto message = decode<PendingMessage>(key, value);
        const auto slash = key.rfind('/');
        if (slash == std::string_view::npos || key.size() != slash + 21)
            return bad(key, "a key that is no arrival", "context/arrival");
        std::uint64_t arrival = 0;
        std::from_chars(key.data() + slash + 1, key.data() + key.size(), arrival);
        follow(log, key, key.substr(0, slash), arrival);
        if (!message) return;
        if (message->kind == "event")
            exists(log, key, {message->event_stream, static_cast<Version>(message->event_version)});
        else if (message->kind != "command" && message->kind != "timeout")
            bad(key, fmt::format("kind {}", printable(message->kind)), "command, event, timeout");
        else if (const auto json = check_json(message->payload, true); !json)
            bad(key, json.error().detail, "a message that can be read");
    }
    void ended(const RawLog& log) override { close(log); }

    // Messages of a context are delivered in the order of their arrival: none may be missing.
    void follow(const RawLog& log, std::string_view key, std::string_view context,
                std::uint64_t arrival) {
        if (context != context_) {
            close(log);
            context_ = context;
        } else if (arrival != last_ + 1) {
            bad(key, fmt::format("arrival {}", arrival), fmt::format("arrival {}", last_ + 1));
        }
        last_ = arrival;
    }
    void close(const RawLog& log) {
        if (context_.empty()) return;
        const auto counter = log.value(Table::counter, "inbox/" + context_);
        if (!readable(counter)) return;
        const auto expected = std::to_string(last_);
        if (counter->value_or("none") != expected)
            bad("inbox/" + context_, fmt::format("{} arrivals counted", counter->value_or("no")),
                fmt::format("{}, the newest waiting message", expected));
    }

    std::string context_;
    std::uint64_t last_ = 0;
};

class EventIds final : public TableCheck {
  public:
    EventIds() : TableCheck("event ids", Table::event_id) {}

  private:
    void entry(const RawLog& log, std::string_view key, std::string_view value) override {
        const auto named = decode<server::NamedEvent>(to_hex_text(key), value);
        if (!named) return;
        const auto record = log.record(named->position);
        if (!record.event)
            return bad(to_hex_text(key), fmt::format("event {}: {}", named->position, record.error),
                       "the event that has the id");
        const auto& event = *record.event;
        if (event.version != named->version ||
            server::event_id_key(eventstore::source_of(event.stream, event.data),
                                 event.data.event_id) != key)
            bad(to_hex_text(key), fmt::format("event {}", named->position),
                "an event with that source and id");
    }
};

// Every place where times go back has its entry: a reader who looks for a time would miss events.
class Times final : public TableCheck {
  public:
    Times() : TableCheck("runs of times", Table::time) {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            if (!record.event) continue;
            // After one that cannot be read nobody knows: it may have been the earlier one.
            const bool next = record.position == last_ + 1;
            if (next && record.event->time < newest_) back_.push_back(record.event);
            newest_ = record.event->time;
            last_ = record.position;
        }
    }

  private:
    void entry(const RawLog& log, std::string_view key, std::string_view) override {
        const auto first = eventstore::ByteReader{key}.u64_be();
        if (key.size() == 8 && first > 0 && first <= log.head())
            begun_.insert(first);
        else
            bad(to_hex_text(key), "a key that names no event", "a position in 8 bytes");
    }
    void ended(const RawLog&) override {
        if (begun_.empty()) return;
        for (const auto& event : back_)
            if (event->position > *begun_.begin() && !begun_.contains(event->position))
                fail(at(*event, fmt::format("{}, earlier than before", to_text(event->time)),
                        "an entry that says so"));
    }

    Position last_ = 0;
    Instant newest_{INT64_MIN};  // of the event there
    std::vector<EventPtr> back_;
    std::set<Position> begun_;
};

}  // namespace

CheckPtr check_times() { return std::make_unique<Times>(); }
CheckPtr check_idempotency() { return std::make_unique<Idempotency>(); }
CheckPtr check_outbox() { return std::make_unique<Outbox>(); }
CheckPtr check_timers() { return std::make_unique<Timers>(); }
CheckPtr check_inbox() { return std::make_unique<Inbox>(); }
CheckPtr check_event_ids() { return std::make_unique<EventIds>(); }

}  // namespace yeyak::tools
