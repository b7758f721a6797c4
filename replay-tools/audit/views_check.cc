// Every view is the fold of the log up to its checkpoint: it is built again aside, and the two are
// compared byte for byte with indexes and counts.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "eventstore/in_parallel.h"
#include "projections/rebuild/skips.h"
#include "replay-tools/audit/checks.h"
#include "replay-tools/replay/aside.h"
#include "replay-tools/replay/compare.h"

namespace yeyak::tools {
namespace {

constexpr std::string_view folder_prefix = "yeyak-audit-";

class Views final : public Check {
  public:
    explicit Views(const projections::Views& known)
        : Check("views equal the fold of the log"), known_(known) {}

    void begin(const Audited& audited) override {
        if (!audited.views) return;
        remove_leftovers(audited.work_dir, folder_prefix);
        auto aside = Aside::create(audited.work_dir / fmt::format("{}{}", folder_prefix, getpid()));
        if (!readable(aside)) return;
        aside_ = *std::move(aside);
        for (const auto& event : audited.log->stream(projections::skips_stream()))
            if (!readable(projections::add_skip(skips_, *event))) return;
        for (const auto& view : known_) add(audited, *view);
    }

    void observe(const std::vector<LogRecord>& records) override {
        if (targets_.empty() || stopped_) return;
        std::vector<EventPtr> events;
        for (const auto& record : records) {
            if (record.position != folded_ + events.size() + 1 || !record.event) {
                stopped_ = true;  // the checks of records name what is wrong there
                break;
            }
            events.push_back(record.event);
        }
        std::vector<StoreResult<void>> folded(targets_.size());
        eventstore::in_parallel(targets_.size(),
                                [&](std::size_t i) { folded[i] = fold(targets_[i], events); });
        for (std::size_t i = 0; i < folded.size(); ++i)
            if (!readable(folded[i])) targets_[i].failed = true;
        folded_ += events.size();
    }

    void finish(const Audited& audited) override {
        if (targets_.empty()) return;
        const auto rebuilt = aside_->finish();
        if (!readable(rebuilt)) return;
        for (const auto& target : targets_) compare(audited, target, **rebuilt);
    }

  private:
    struct Target {
        const projections::View* view;
        Build live;
        Position checkpoint = 0;
        bool failed = false;
    };

    void add(const Audited& audited, const projections::View& view) {
        const auto active = audited.views->active(view.name());
        if (!readable(active) || !*active) return;
        // Built by another version of the program: it will be rebuilt before anybody reads it.
        if ((*active)->projector_version != view.version()) return;
        Target target{&view, (*active)->build, 0, false};
        const auto checkpoint = audited.views->checkpoint(target.live);
        if (!readable(checkpoint)) return;
        target.checkpoint = *checkpoint;
        if (target.checkpoint > audited.log->head()) {
            fail({.position = target.checkpoint,
                  .found =
                      fmt::format("view {} has counted event {}", view.name(), target.checkpoint),
                  .expected = fmt::format("at most {}, the end of the log", audited.log->head())});
            return;
        }
        auto& skipped = skips_[std::string{view.name()}];
        if (readable(aside_->add(view, skipped))) targets_.push_back(target);
    }

    StoreResult<void> fold(const Target& target, const std::vector<EventPtr>& events) const {
        if (target.failed || folded_ >= target.checkpoint) return {};
        const auto wanted = std::min<std::uint64_t>(events.size(), target.checkpoint - folded_);
        const std::vector<EventPtr> part{events.begin(),
                                         events.begin() + static_cast<std::ptrdiff_t>(wanted)};
        return aside_->apply(target.view->name(), part);
    }

    void compare(const Audited& audited, const Target& target, const RawViews& rebuilt) {
        const auto name = target.view->name();
        if (target.failed) return;
        if (folded_ < target.checkpoint) {
            fail({.position = folded_ + 1,
                  .found = fmt::format("view {}: the log cannot be folded from here on", name),
                  .expected = fmt::format("events up to {}", target.checkpoint)});
            return;
        }
        auto result =
            compare_builds(audited.views->cursor(target.live),
                           rebuilt.cursor(Aside::build_of(name)), target.view->version(), 1);
        if (!readable(result)) return;
        counted(result->rows);
        for (const auto& sample : result->samples) {
            Finding finding{.position = 0,
                            .stream = {},
                            .version = 0,
                            .found = fmt::format("view {}: {}", name, sample.what),
                            .expected = "the fold of the log"};
            if (sample.kind == Difference::Kind::removed) finding.expected = "no such entry";
            if (sample.kind == Difference::Kind::added) finding.found += " is missing";
            if (!sample.changes.empty()) {
                const auto& change = sample.changes.front();
                finding.found += fmt::format(": {} {}", change.field, change.live);
                finding.expected = fmt::format("{} {}", change.field, change.rebuilt);
            }
            fail(std::move(finding));
        }
    }

    const projections::Views& known_;
    std::unique_ptr<Aside> aside_;
    std::vector<Target> targets_;
    projections::Skips skips_;
    Position folded_ = 0;
    bool stopped_ = false;
};

}  // namespace

CheckPtr check_views(const projections::Views& views) { return std::make_unique<Views>(views); }

}  // namespace yeyak::tools
