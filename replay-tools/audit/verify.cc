#include "replay-tools/audit/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "audit/proofs/recovery.h"
#include "eventstore/in_parallel.h"
#include "eventstore/read_ahead.h"
#include "replay-tools/audit/checks.h"

namespace yeyak::tools {
namespace {

constexpr std::size_t pages_ahead = 3;

StoreResult<Audited> open(const VerifyOptions& options) {
    const auto data = std::filesystem::weakly_canonical(options.data);
    const auto work = std::filesystem::weakly_canonical(options.work_dir);
    const auto inside = std::mismatch(data.begin(), data.end(), work.begin(), work.end());
    if (inside.first == data.end())
        return std::unexpected(StoreError{
            StoreError::Kind::refused_open,
            fmt::format("the working folder {} lies in the data folder, which an audit never "
                        "writes; choose another with --work-dir",
                        options.work_dir.string())});
    Audited audited;
    audited.data = options.data;
    audited.work_dir = options.work_dir;
    auto views = RawViews::open(options.data / "views");
    if (!views) return std::unexpected(std::move(views).error());
    audited.views = *std::move(views);
    auto note = audit::read_file(audit::checkpoint_file_in(options.data));
    if (!note) return std::unexpected(std::move(note).error());
    audited.checkpoint_note = *std::move(note);
    audited.pinned_note = options.pinned_note;
    audited.key = options.key;
    audited.key_file =
        options.key_file.empty() ? audit::key_file_in(options.data) : options.key_file;
    auto log = RawLog::open(options.data);
    if (!log) return std::unexpected(std::move(log).error());
    audited.log = *std::move(log);
    return audited;
}

// Calls `step` and adds how long it took.
template <class Step>
void timed(Checked& checked, Step step) {
    const auto begin = std::chrono::steady_clock::now();
    step(*checked.check);
    checked.seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

class Unreadable final : public Check {
  public:
    explicit Unreadable(Finding finding) : Check("log can be read") { fail(std::move(finding)); }
};

}  // namespace

bool Verified::ok() const {
    return std::ranges::all_of(checks, [](const auto& c) { return c.check->ok(); });
}

bool Verified::complete() const {
    return std::ranges::all_of(checks, [](const auto& c) { return c.check->unchecked().empty(); });
}

StoreResult<Verified> verify(const Platform& platform, const VerifyOptions& options) {
    auto audited = open(options);
    if (!audited) return std::unexpected(std::move(audited).error());
    Verified verified;
    verified.head = audited->log->head();
    for (auto& check : all_checks(platform, options.quick))
        verified.checks.push_back({std::move(check)});
    for (auto& one : verified.checks) timed(one, [&](Check& check) { check.begin(*audited); });
    eventstore::ReadAhead<LogPage> pages{audited->log->pages(!options.quick), pages_ahead};
    Position last = 0;
    while (const auto page = pages.next()) {
        eventstore::in_parallel(verified.checks.size(), [&](std::size_t i) {
            timed(verified.checks[i], [&](Check& check) { check.observe(page->records); });
        });
        if (!page->records.empty()) last = page->records.back().position;
        if (page->failure)
            verified.checks.push_back(
                {std::make_unique<Unreadable>(Finding{.position = last + 1,
                                                      .found = page->failure->detail,
                                                      .expected = "a record that can be read"})});
        if (options.reached && !options.reached(last, verified.head))
            return std::unexpected(StoreError{StoreError::Kind::io, "interrupted"});
    }
    for (auto& one : verified.checks) timed(one, [&](Check& check) { check.finish(*audited); });
    return verified;
}

}  // namespace yeyak::tools
