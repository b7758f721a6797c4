// The two indexes of the log: events by stream and version, and by category, type and tag.
#include <fmt/format.h>
#include <rocksdb/iterator.h>

#include <algorithm>

#include "eventstore/bytes.h"
#include "eventstore/postings.h"
#include "eventstore/rocks_store.h"
#include "replay-tools/audit/checks.h"
#include "replay-tools/audit/index_check.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using eventstore::ByteReader;
using eventstore::PostingKind;
using eventstore::RecordedEvent;

// An entry is the key of the index: stream, NUL, version.
class Streams final : public IndexCheck {
  public:
    Streams() : IndexCheck("stream versions and index") {}

  private:
    void entries_of(const RecordedEvent& event, const Emit& emit) const override {
        emit(event.position, eventstore::stream_key(event.stream, event.version));
    }

    void scan(const RawLog& log, const Emit& emit, bool report) override {
        std::string stream;
        Version last = 0;
        const auto at = log.iterate(RawLog::Family::streams);
        for (at->SeekToFirst(); at->Valid(); at->Next()) {
            const auto key = at->key().ToStringView();
            ByteReader value{at->value().ToStringView()};
            const Position position = value.varint();
            emit(value.ok() && value.rest().empty() ? position : 0, std::string{key});
            if (!report) continue;
            auto here = describe(position, std::string{key});
            if (here.stream != stream) last = 0;
            if (here.version != last + 1) {
                here.found = fmt::format("version {} of the stream", here.version);
                here.expected = fmt::format("version {}", last + 1);
                fail(here);
            }
            last = here.version;
            stream = std::move(here.stream);
        }
        if (report && !at->status().ok())
            fail({.found = at->status().ToString(), .expected = "a readable index"});
    }

    Finding describe(Position position, const std::string& key) const override {
        if (key.size() < 10) return {.position = position, .found = printable(key)};
        const auto stream = key.substr(0, key.size() - 9);
        const auto version = ByteReader{std::string_view{key}.substr(key.size() - 8)}.u64_be();
        return {position, stream, version, fmt::format("{}@{}", stream, version), ""};
    }
};

// An entry is kind and value: "tpayment.payment_completed.v1".
class Postings final : public IndexCheck {
  public:
    Postings() : IndexCheck("category, type and tag index") {}

  private:
    void entries_of(const RecordedEvent& event, const Emit& emit) const override {
        const auto add = [&](PostingKind kind, std::string_view value) {
            std::string entry(1, static_cast<char>(kind));
            emit(event.position, entry.append(value));
        };
        add(PostingKind::category, eventstore::category_of(event.stream));
        add(PostingKind::type, event.data.type);
        auto tags = event.data.tags;
        std::ranges::sort(tags);
        tags.erase(std::ranges::unique(tags).begin(), tags.end());
        for (const auto& tag : tags) add(PostingKind::tag, tag);
    }

    void scan(const RawLog& log, const Emit& emit, bool report) override {
        std::string list;
        Position last = 0;
        const auto at = log.iterate(RawLog::Family::postings);
        for (at->SeekToFirst(); at->Valid(); at->Next()) {
            const auto key = at->key().ToStringView();
            const auto block = eventstore::decode_posting_block(key, at->value().ToStringView());
            if (!block) {
                if (report)
                    fail({.found = fmt::format("a damaged block of {}", printable(key)),
                          .expected = "positions in order"});
                continue;
            }
            const auto entry = key.substr(0, key.size() - 9);
            for (const auto position : *block) emit(position, std::string{entry});
            if (entry != list) last = 0;
            if (report && block->front() <= last)
                fail({.position = block->front(),
                      .found = fmt::format("blocks of {} that overlap", printable(entry)),
                      .expected = "positions in order"});
            last = block->back();
            list = entry;
        }
        if (report && !at->status().ok())
            fail({.found = at->status().ToString(), .expected = "a readable index"});
    }

    Finding describe(Position position, const std::string& entry) const override {
        const auto kind = entry.starts_with('c')   ? "category"
                          : entry.starts_with('t') ? "type"
                                                   : "tag";
        return {.position = position,
                .found = fmt::format("{} {}", kind, printable(entry.substr(1)))};
    }
};

}  // namespace

CheckPtr check_streams() { return std::make_unique<Streams>(); }
CheckPtr check_postings() { return std::make_unique<Postings>(); }

}  // namespace yeyak::tools
