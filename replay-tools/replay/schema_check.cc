#include "replay-tools/replay/schema_check.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "eventstore/in_parallel.h"
#include "eventstore/read_ahead.h"
#include "projections/runner/as_of.h"

namespace yeyak::tools {
namespace {

using eventstore::RecordedEvent;
namespace dom = simdjson::dom;

constexpr std::size_t pages_ahead = 3;
constexpr std::size_t records_of_a_part = 1024;

void collect_lost(const dom::element& stored, const dom::element& rewritten,
                  const std::string& path, std::set<std::string>& lost) {
    dom::object object;
    dom::object other;
    if (stored.get(object) == simdjson::SUCCESS && rewritten.get(other) == simdjson::SUCCESS) {
        for (const auto field : object) {
            auto name =
                path.empty() ? std::string{field.key} : fmt::format("{}.{}", path, field.key);
            dom::element found;
            if (other.at_key(field.key).get(found) == simdjson::SUCCESS)
                collect_lost(field.value, found, name, lost);
            else
                lost.insert(std::move(name));
        }
        return;
    }
    dom::array list;
    dom::array others;
    if (stored.get(list) == simdjson::SUCCESS && rewritten.get(others) == simdjson::SUCCESS &&
        list.size() == others.size()) {
        auto at = others.begin();
        for (const auto item : list) {
            collect_lost(item, *at, path + "[]", lost);
            ++at;
        }
        return;
    }
    if (simdjson::minify(stored) != simdjson::minify(rewritten)) lost.insert(path);
}

// How one category is read.
struct Reader {
    const Decode* decode = nullptr;
    const Rewrite* rewrite = nullptr;
    std::map<std::string_view, std::string_view> types;  // type -> what it is read as
    std::vector<const projections::View*> views;
};
using Readers = std::map<std::string, Reader, std::less<>>;

Readers all_readers(const Platform& platform) {
    Readers readers;
    for (const auto& system : platform.systems) {
        for (const auto& category : system.categories) {
            auto& reader = readers[std::string{category.category}];
            reader.decode = &category.decode;
            reader.rewrite = &category.rewrite;
            for (const auto& [type, newest] : category.types) reader.types.emplace(type, newest);
        }
        for (const auto& saga : system.sagas) {
            auto& reader = readers[std::string{saga.category}];
            reader.decode = &saga.decode;
            reader.rewrite = &saga.rewrite;
            reader.types.emplace(saga.type, saga.type);
        }
    }
    for (const auto& view : platform.views) {
        const auto categories = view->categories();
        for (auto& [category, reader] : readers)
            if (categories.empty() || std::ranges::find(categories, category) != categories.end())
                reader.views.push_back(view.get());
    }
    return readers;
}

std::string reason_of(const JsonError& error) {
    if (error.field.empty()) return fmt::format("{}: {}", error.code, error.detail);
    return fmt::format("{}: {} {}", error.code, error.field, error.detail);
}

// What one part of the log holds; parts are counted on several threads and added up.
class Tally {
  public:
    explicit Tally(const Readers& readers) : readers_(readers) {}

    void look(const LogRecord& record) {
        if (!record.event) {
            damaged.at(record.position, record.error);
            return;
        }
        const auto& event = *record.event;
        const auto category = eventstore::category_of(event.stream);
        const auto reader = readers_.find(category);
        if (reader == readers_.end()) {
            foreign[std::string{category}].at(event.position);
            return;
        }
        auto& report = types[{std::string{category}, event.data.type}];
        report.seen.at(event.position);
        const auto known = reader->second.types.find(event.data.type);
        report.known = known != reader->second.types.end();
        if (!report.known) return;
        if (known->second != known->first) report.read_as = known->second;
        read(event, reader->second, report);
    }

    void add(const Tally& other) {
        damaged.add(other.damaged);
        for (const auto& [category, seen] : other.foreign) foreign[category].add(seen);
        for (const auto& [name, report] : other.types) add(types[name], report);
    }

    using Name = std::pair<std::string, std::string>;  // category, type
    Failed damaged;
    std::map<Name, TypeReport> types;
    std::map<std::string, Seen> foreign;

  private:
    static void read(const RecordedEvent& event, const Reader& reader, TypeReport& report) {
        const auto& data = event.data;
        if (const auto decoded = (*reader.decode)(data.type, data.payload); !decoded) {
            report.failed.at(event.position, reason_of(decoded.error()));
            return;
        }
        if (const auto again = (*reader.rewrite)(data.type, data.payload); !again)
            report.failed.at(event.position, reason_of(again.error()));
        else if (*again != data.payload)
            for (const auto& field : lost_fields(data.payload, *again))
                report.lossy[field].at(event.position);
        for (const auto* view : reader.views) {
            const auto folded = view->try_event(event);
            if (!folded)
                report.views[std::string{view->name()}].at(event.position, folded.error());
            else if (*folded)
                report.folded_by.emplace(view->name());
        }
    }

    static void add(TypeReport& to, const TypeReport& from) {
        to.known = from.known;
        to.read_as = from.read_as;
        to.seen.add(from.seen);
        to.failed.add(from.failed);
        for (const auto& [field, seen] : from.lossy) to.lossy[field].add(seen);
        for (const auto& [view, failed] : from.views) to.views[view].add(failed);
        to.folded_by.insert(from.folded_by.begin(), from.folded_by.end());
    }

    const Readers& readers_;
};

SchemaReport report_of(Tally& tally, const Readers& readers) {
    SchemaReport report;
    report.damaged = tally.damaged;
    report.foreign = std::move(tally.foreign);
    for (const auto& [category, reader] : readers)
        for (const auto& [type, newest] : reader.types)
            if (!tally.types.contains({category, std::string{type}}))
                report.never.emplace_back(type);
    std::ranges::sort(report.never);
    for (auto& [name, type] : tally.types) {
        std::tie(type.category, type.type) = name;
        report.types.push_back(std::move(type));
    }
    return report;
}

}  // namespace

void Seen::add(const Seen& other) {
    if (other.count == 0) return;
    first = count == 0 ? other.first : std::min(first, other.first);
    count += other.count;
}

void Failed::at(Position position, const std::string& reason) {
    if (seen.count == 0 || position < seen.first) why = reason;
    seen.at(position);
}

void Failed::add(const Failed& other) {
    if (other.seen.count > 0 && (seen.count == 0 || other.seen.first < seen.first)) why = other.why;
    seen.add(other.seen);
}

bool SchemaReport::ok() const {
    return damaged.seen.count == 0 && std::ranges::all_of(types, &TypeReport::ok);
}

std::set<std::string> lost_fields(std::string_view stored, std::string_view rewritten) {
    dom::parser parser;
    dom::parser other;
    dom::element before;
    dom::element after;
    if (parser.parse(simdjson::padded_string{stored}).get(before) != simdjson::SUCCESS ||
        other.parse(simdjson::padded_string{rewritten}).get(after) != simdjson::SUCCESS)
        return {"(document)"};
    std::set<std::string> lost;
    collect_lost(before, after, "", lost);
    return lost;
}

StoreResult<SchemaReport> schema_check(const Platform& platform, const std::filesystem::path& data,
                                       const std::function<bool(Position)>& reached) {
    const auto log = RawLog::open(data);
    if (!log) return std::unexpected(log.error());
    const auto readers = all_readers(platform);
    Tally all{readers};
    std::uint64_t events = 0;
    eventstore::ReadAhead<LogPage> pages{(*log)->pages(false), pages_ahead};
    while (const auto page = pages.next()) {
        const auto& records = page->records;
        const auto parts = (records.size() + records_of_a_part - 1) / records_of_a_part;
        std::vector<Tally> tallies(parts, Tally{readers});
        eventstore::in_parallel(parts, [&](std::size_t part) {
            const auto end = std::min(records.size(), (part + 1) * records_of_a_part);
            for (auto at = part * records_of_a_part; at < end; ++at)
                tallies[part].look(records[at]);
        });
        for (const auto& tally : tallies) all.add(tally);
        events += records.size();
        const auto last = records.empty() ? events : records.back().position;
        if (page->failure) all.damaged.at(last + 1, page->failure->detail);
        if (reached && !reached(last)) return std::unexpected(projections::interrupted_error);
    }
    auto report = report_of(all, readers);
    report.head = (*log)->head();
    report.events = events;
    return report;
}

}  // namespace yeyak::tools
