#include "server/append.h"

#include <map>
#include <optional>
#include <vector>

#include "kernel/ensure.h"
#include "kernel/json_impl.h"
#include "server/event_ids.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(server::AppendOutcome)
}

namespace yeyak::server {
namespace {

using eventstore::Commit;
using eventstore::Conflict;
using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;
using eventstore::Table;

class AppendWork final : public eventstore::Work {
  public:
    AppendWork(server::AppendCall call, server::AppendDone done)
        : call_(std::move(call)), done_(std::move(done)), ids_(call_.commit) {
        for (auto& append : call_.commit.appends)
            for (auto& event : append.events) {
                if (event.correlation_id.empty()) event.correlation_id = call_.cause.correlation_id;
                if (event.causation_id.empty()) event.causation_id = call_.cause.causation_id;
            }
    }

    void decide(eventstore::EventStore& store) override {
        if (!call_.idempotency_key.empty() && replay(store)) return;
        outcome_.fingerprint = call_.fingerprint;
        const Instant time = call_.commit.time;
        if (known_by_id(store)) return keep(store, time);
        if (const auto broken = broken_at(call_.guard, store)) {
            Conflict conflict;
            conflict.kind = Conflict::Kind::stream;
            conflict.stream = call_.guard->stream;
            conflict.found = *broken;
            return refuse(store, conflict, time);
        }
        ids_.name(call_.commit, expect(store));
        // The key must be in the same commit.
        if (!call_.idempotency_key.empty())
            call_.commit.writes.push_back(
                {Table::idempotency, call_.idempotency_key, to_json(outcome_)});
        const auto staged = store.stage(std::move(call_.commit));
        if (!staged) return refuse(store, staged.error(), time);
        ensure(outcome_.last == staged->last && outcome_.versions == staged->versions,
               "what was expected is what was staged");
    }

    void told(const StoreResult<Position>& flushed) override {
        if (!flushed)
            done_(std::unexpected(flushed.error()));
        else if (failed_)
            done_(std::unexpected(*failed_));
        else
            done_(outcome_);
    }

  private:
    bool replay(eventstore::EventStore& store) {
        const auto known = store.staged_value(Table::idempotency, call_.idempotency_key);
        if (!known) return false;
        auto record = from_json<server::AppendOutcome>(*known);
        ensure(record.has_value(), "an append outcome that was written can be read");
        if (record->fingerprint == call_.fingerprint)
            outcome_ = *std::move(record);
        else
            outcome_.code = AppendEnd::idempotency_key_reused;
        return true;
    }

    // Whether the names of the events decide: they are recorded already, or cannot be.
    bool known_by_id(eventstore::EventStore& store) {
        for (const auto& append : call_.commit.appends)
            if (append.events.empty()) return false;  // the store refuses it
        const auto known = ids_.look_up(store);
        if (!known) {
            outcome_.code = AppendEnd::event_id_used;
            outcome_.index = known.error().index;
            outcome_.position = known.error().position;
            outcome_.detail = known.error().detail;
            return true;
        }
        if (known->empty()) return false;
        outcome_.first = known->front().position;
        outcome_.last = known->back().position;
        std::size_t events = 0;
        for (const auto& append : call_.commit.appends) {
            events += append.events.size();
            outcome_.versions.push_back((*known)[events - 1].version);
        }
        return true;
    }

    // What the outcome will be if the commit is accepted, and where each event will stand.
    std::vector<NamedEvent> expect(eventstore::EventStore& store) {
        std::vector<NamedEvent> places;
        std::map<std::string, std::uint64_t> heads;
        outcome_.last = store.staged_position();
        outcome_.first = outcome_.last + 1;
        for (const auto& append : call_.commit.appends) {
            auto head = heads.try_emplace(append.stream, 0).first;
            if (head->second == 0) head->second = store.staged_head(append.stream);
            for (std::size_t i = 0; i < append.events.size(); ++i)
                places.push_back({++outcome_.last, ++head->second, {}});
            outcome_.versions.push_back(head->second);
        }
        return places;
    }

    // The answer under the key, in a commit of its own: the same request hears the same.
    void keep(eventstore::EventStore& store, Instant time) {
        if (call_.idempotency_key.empty()) return;
        Commit record;
        record.time = time;
        record.writes.push_back({Table::idempotency, call_.idempotency_key, to_json(outcome_)});
        // A commit without events meets no conflict, but the store may have failed meanwhile.
        if (const auto staged = store.stage(std::move(record)); !staged)
            failed_ = StoreError{StoreError::Kind::io, staged.error().detail};
    }

    void refuse(eventstore::EventStore& store, const Conflict& conflict, Instant time) {
        outcome_ = {};
        outcome_.fingerprint = call_.fingerprint;
        outcome_.stream = conflict.stream;
        outcome_.found = conflict.found;
        outcome_.index = conflict.index;
        outcome_.position = conflict.position;
        outcome_.detail = conflict.detail;
        // What could not be decided is not kept: the same request may be decided later.
        switch (conflict.kind) {
            case Conflict::Kind::unavailable:
                failed_ = StoreError{StoreError::Kind::io, conflict.detail};
                return;
            case Conflict::Kind::too_wide:
                outcome_.code = AppendEnd::condition_too_wide;
                return;
            case Conflict::Kind::stream:
                outcome_.code = AppendEnd::wrong_expected_version;
                break;
            case Conflict::Kind::condition:
                outcome_.code = AppendEnd::condition_failed;
                break;
            case Conflict::Kind::limit:
                outcome_.code = AppendEnd::commit_too_large;
                break;
        }
        keep(store, time);
    }

    server::AppendCall call_;
    server::AppendDone done_;
    EventIds ids_;
    server::AppendOutcome outcome_;
    std::optional<StoreError> failed_;  // why nothing could be decided, and nothing was written
};

}  // namespace

eventstore::WorkPtr append_work(server::AppendCall call, server::AppendDone done) {
    return std::make_unique<AppendWork>(std::move(call), std::move(done));
}

}  // namespace yeyak::server
