// Checks of single records: positions, checksums, leaf hashes, the witness, and that the store
// itself opens the log.
#include <fmt/format.h>
#include <rocksdb/iterator.h>

#include "eventstore/bytes.h"
#include "eventstore/hash.h"
#include "eventstore/rocks_store.h"
#include "replay-tools/audit/checks.h"

namespace yeyak::tools {
namespace {

class Opens final : public Check {
  public:
    Opens() : Check("log opens") {}
    void finish(const Audited& audited) override {
        eventstore::RocksOptions options;
        options.data_dir = audited.data;
        options.read_only = true;
        const auto store = eventstore::RocksStore::open(options);
        counted();
        if (!store)
            fail({.found = store.error().detail, .expected = "a log that the platform opens"});
    }
};

class Positions final : public Check {
  public:
    Positions() : Check("gapless positions") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            counted();
            const auto expected = last_ + 1;
            if (record.position == 0)
                fail({.found = record.error, .expected = fmt::format("position {}", expected)});
            else if (record.position != expected)
                fail({.position = expected,
                      .found = fmt::format("nothing; the next record is {}", record.position),
                      .expected = "an event"});
            last_ = record.position;
        }
    }

  private:
    Position last_ = 0;
};

class Checksums final : public Check {
  public:
    Checksums() : Check("record checksums") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            counted();
            if (!record.event)
                fail({.position = record.position,
                      .found = record.error,
                      .expected = "the record as it was written"});
        }
    }
    // The name of the stream is not in a record that cannot be read; the index may know it.
    void finish(const Audited& audited) override {
        if (ok() || first()->position == 0) return;
        const auto at = audited.log->iterate(RawLog::Family::streams);
        const auto wanted = first()->position;
        for (at->SeekToFirst(); at->Valid(); at->Next()) {
            const auto key = at->key().ToStringView();
            if (key.size() < 10) continue;
            if (eventstore::ByteReader{at->value().ToStringView()}.varint() != wanted) continue;
            name_first(std::string{key.substr(0, key.size() - 9)},
                       eventstore::ByteReader{key.substr(key.size() - 8)}.u64_be());
            return;
        }
    }
};

class Leaves final : public Check {
  public:
    Leaves() : Check("leaf hashes") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            counted();
            if (record.leaf_matches) continue;
            Finding finding;
            finding.position = record.position;
            if (record.event) finding = at(*record.event, "", "");
            finding.found = "another leaf hash";
            finding.expected = "the SHA-256 of position and record";
            fail(std::move(finding));
        }
    }
};

// Before its first mark the witness has seen nothing, and there is nothing to count: the store
// opens such a folder, too.
class WitnessAgrees final : public Check {
  public:
    WitnessAgrees() : Check("witness") {}
    void begin(const Audited& audited) override { mark_ = audited.log->witness(); }
    void observe(const std::vector<LogRecord>& records) override {
        if (!mark_ || mark_->position == 0) return;
        for (const auto& record : records)
            if (record.position == mark_->position) seen_ = record;
    }
    void finish(const Audited& audited) override {
        const auto head = audited.log->head();
        if (!mark_) {
            if (head > 0 && !audited.log->witness_is_blank())
                fail({.position = head,
                      .found = "no witness that can be read",
                      .expected = "a witness of the last events"});
            return;
        }
        counted();
        if (mark_->position > head)
            fail({.position = mark_->position,
                  .found = fmt::format("the log ends at event {}", head),
                  .expected = "the event that the witness has seen"});
        else if (mark_->sequence > audited.log->sequence())
            fail(
                {.found = fmt::format("the log ends at write {}", audited.log->sequence()),
                 .expected = fmt::format("write {}, which the witness has seen", mark_->sequence)});
        else if (mark_->position > 0)
            compare_leaf();
    }

  private:
    void compare_leaf() {
        const auto expected = eventstore::to_hex(mark_->leaf);
        if (!seen_ || !seen_->event)
            fail({.position = mark_->position,
                  .found = seen_ ? seen_->error : "no record",
                  .expected = "leaf " + expected});
        else if (seen_->event->leaf != mark_->leaf)
            fail(at(*seen_->event, "leaf " + eventstore::to_hex(seen_->event->leaf),
                    "leaf " + expected));
    }

    std::optional<eventstore::WitnessMark> mark_;
    std::optional<LogRecord> seen_;
};

}  // namespace

CheckPtr check_opens() { return std::make_unique<Opens>(); }
CheckPtr check_positions() { return std::make_unique<Positions>(); }
CheckPtr check_checksums() { return std::make_unique<Checksums>(); }
CheckPtr check_leaves() { return std::make_unique<Leaves>(); }
CheckPtr check_witness() { return std::make_unique<WitnessAgrees>(); }

}  // namespace yeyak::tools
