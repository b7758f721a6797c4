#include "server/append.h"

#include <map>
#include <optional>

#include "kernel/ensure.h"
#include "kernel/json_impl.h"

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
        : call_(std::move(call)), done_(std::move(done)) {}

    void decide(eventstore::EventStore& store) override {
        if (!call_.idempotency_key.empty() && replay(store)) return;
        outcome_.fingerprint = call_.fingerprint;
        const Instant time = call_.commit.time;
        if (const auto broken = broken_at(call_.guard, store)) {
            Conflict conflict;
            conflict.kind = Conflict::Kind::stream;
            conflict.stream = call_.guard->stream;
            conflict.found = *broken;
            return refuse(store, conflict, time);
        }
        const Position before = store.staged_position();
        if (!call_.idempotency_key.empty()) {
            // What it will be if it is accepted: the key must be in the same commit.
            expect(store, before);
            call_.commit.writes.push_back(
                {Table::idempotency, call_.idempotency_key, to_json(outcome_)});
        }
        const auto staged = store.stage(std::move(call_.commit));
        if (!staged) return refuse(store, staged.error(), time);
        if (!call_.idempotency_key.empty()) {
            ensure(outcome_.last == staged->last && outcome_.versions == staged->versions,
                   "the answer under the key is the answer");
            return;
        }
        outcome_.first = staged->first;
        outcome_.last = staged->last;
        outcome_.versions = staged->versions;
    }

    void told(const StoreResult<Position>& settled) override {
        if (!settled)
            done_(std::unexpected(settled.error()));
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

    void expect(eventstore::EventStore& store, Position before) {
        std::map<std::string, std::uint64_t> heads;
        outcome_.last = before;
        for (const auto& append : call_.commit.appends) {
            auto head = heads.try_emplace(append.stream, 0).first;
            if (head->second == 0) head->second = store.staged_head(append.stream);
            head->second += append.events.size();
            outcome_.last += append.events.size();
            outcome_.versions.push_back(head->second);
        }
        outcome_.first = before + 1;
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
        if (call_.idempotency_key.empty()) return;
        Commit record;
        record.time = time;
        record.writes.push_back({Table::idempotency, call_.idempotency_key, to_json(outcome_)});
        const auto staged = store.stage(std::move(record));
        ensure(staged.has_value(), "a commit without events meets no conflict");
    }

    server::AppendCall call_;
    server::AppendDone done_;
    server::AppendOutcome outcome_;
    std::optional<StoreError> failed_;  // why nothing could be decided, and nothing was written
};

}  // namespace

eventstore::WorkPtr append_work(server::AppendCall call, server::AppendDone done) {
    return std::make_unique<AppendWork>(std::move(call), std::move(done));
}

}  // namespace yeyak::server
