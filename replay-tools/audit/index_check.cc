#include "replay-tools/audit/index_check.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <iterator>

namespace yeyak::tools {

void SetDigest::add(Position position, std::string_view entry) {
    const auto hash = XXH3_128bits_withSeed(entry.data(), entry.size(), position);
    low += hash.low64;
    high += hash.high64;
    ++entries;
}

void IndexCheck::begin(const Audited& audited) {
    head_ = audited.log->head();
    width_ = head_ / (ranges - 2) + 1;
    log_side_.resize(ranges);
    index_side_.resize(ranges);
}

// Positions beyond the head, which only a damaged index holds, share the last range.
std::size_t IndexCheck::range_of(Position position) const {
    return position > head_ ? ranges - 1 : static_cast<std::size_t>(position / width_);
}

void IndexCheck::observe(const std::vector<LogRecord>& records) {
    const Emit add = [this](Position position, const std::string& entry) {
        log_side_[range_of(position)].add(position, entry);
    };
    for (const auto& record : records)
        if (record.event) entries_of(*record.event, add);
}

void IndexCheck::finish(const Audited& audited) {
    const Emit add = [this](Position position, const std::string& entry) {
        counted();
        index_side_[range_of(position)].add(position, entry);
    };
    scan(*audited.log, add, false);
    // The first range that differs is looked into; of the others it is enough to know of them.
    for (std::size_t range = 0; range < ranges; ++range) {
        if (log_side_[range] == index_side_[range]) continue;
        if (ok())
            compare_range(*audited.log, range);
        else
            fail({.position = range * width_, .found = "another difference", .expected = "none"});
    }
    scan(*audited.log, [](Position, const std::string&) {}, true);
}

void IndexCheck::compare_range(const RawLog& log, std::size_t range) {
    using Entries = std::vector<std::pair<Position, std::string>>;
    Entries expected;
    Entries found;
    const Position first = std::max<Position>(1, range * width_);
    const Position last = std::min(head_, (range + 1) * width_ - 1);
    for (Position position = first; range < ranges - 1 && position <= last; ++position)
        if (const auto record = log.record(position); record.event)
            entries_of(*record.event, [&](Position at, std::string entry) {
                expected.emplace_back(at, std::move(entry));
            });
    scan(
        log,
        [&](Position at, std::string entry) {
            if (range_of(at) == range) found.emplace_back(at, std::move(entry));
        },
        false);
    std::ranges::sort(expected);
    std::ranges::sort(found);
    Entries missing;
    Entries extra;
    std::ranges::set_difference(expected, found, std::back_inserter(missing));
    std::ranges::set_difference(found, expected, std::back_inserter(extra));
    const auto report = [&](const Entries& entries, std::string_view what,
                            std::string_view expectation) {
        for (const auto& [position, entry] : entries) {
            auto finding = describe(position, entry);
            finding.found = fmt::format("{} {}", what, finding.found);
            finding.expected = expectation;
            fail(std::move(finding));
        }
    };
    const bool extra_first =
        !extra.empty() && (missing.empty() || extra.front().first < missing.front().first);
    if (extra_first) report(extra, "the index has", "nothing: the log has no such event");
    report(missing, "the index lacks", "an entry for every event of the log");
    if (!extra_first) report(extra, "the index has", "nothing: the log has no such event");
}

}  // namespace yeyak::tools
