#include "replay-tools/audit/view.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "eventstore/log_pages.h"
#include "eventstore/rocks_store.h"
#include "kernel/ensure.h"
#include "projections/rebuild/skips.h"
#include "replay-tools/replay/aside.h"
#include "replay-tools/replay/rebuild.h"

namespace yeyak::tools {
namespace {

using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;

constexpr std::string_view folder_prefix = "yeyak-audit-view-";
constexpr std::size_t events_at_once = 20'000;

StoreError refuse(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

// The live build, as it stood when the views were opened.
struct Live {
    std::unique_ptr<RawViews> views;
    Build build;
    Position checkpoint = 0;
};

class Auditing {
  public:
    explicit Auditing(const ViewAuditTask& task) : task_(task), view_(task.view) {}

    StoreResult<ViewAudit> run() {
        if (auto opened = open(); !opened) return std::unexpected(opened.error());
        const auto position = target();
        if (!position) return std::unexpected(position.error());
        const auto last = std::max(*position, live_ ? live_->checkpoint : 0);
        if (task_.begins) task_.begins(last);
        if (auto built = fold(*position); !built) return std::unexpected(built.error());
        const auto digest = aside_->digest(view_);
        if (!digest) return std::unexpected(digest.error());
        result_.folded = *digest;
        if (task_.claim) compare(*task_.claim);
        if (auto compared = compare_live(); !compared) return std::unexpected(compared.error());
        if (!result_.same())
            if (auto found = find_first(); !found) return std::unexpected(found.error());
        return std::move(result_);
    }

  private:
    // The views first, so that the log reaches their checkpoints beside a running server.
    StoreResult<void> open() {
        auto views = RawViews::open(task_.data / "views");
        if (!views) return std::unexpected(views.error());
        if (*views) {
            const auto active = (*views)->active(view_.name());
            if (!active) return std::unexpected(active.error());
            if (*active && (*active)->projector_version == view_.version()) {
                const auto checkpoint = (*views)->checkpoint((*active)->build);
                if (!checkpoint) return std::unexpected(checkpoint.error());
                live_ = Live{*std::move(views), (*active)->build, *checkpoint};
            }
        }
        eventstore::RocksOptions options;
        options.data_dir = task_.data;
        options.read_only = true;
        auto log = eventstore::RocksStore::open(options);
        if (!log) return std::unexpected(log.error());
        log_ = *std::move(log);
        remove_leftovers(task_.work_dir, folder_prefix);
        auto aside = Aside::create(task_.work_dir / fmt::format("{}{}", folder_prefix, getpid()));
        if (!aside) return std::unexpected(std::move(aside).error());
        aside_ = *std::move(aside);
        // What was said at a position knows of no skip that was decided later.
        auto skips = task_.claim ? projections::read_skips(*log_, task_.claim->position)
                                 : projections::read_skips(*log_);
        if (!skips) return std::unexpected(std::move(skips).error());
        return aside_->add(view_, (*skips)[std::string{view_.name()}]);
    }

    StoreResult<Position> target() const {
        const auto& claim = task_.claim;
        if (claim && claim->projector_version != view_.version())
            return std::unexpected(refuse(fmt::format(
                "{} is of version {} of the projector of {}, this program has version {}: use a "
                "program of that version",
                claim->by, claim->projector_version, view_.name(), view_.version())));
        const auto position = claim      ? claim->position
                              : task_.at ? *task_.at
                              : live_    ? live_->checkpoint
                                         : log_->head();
        if (position <= log_->head()) return position;
        return std::unexpected(refuse(fmt::format("the log in {} ends at event {}, before event {}",
                                                  task_.data.string(), log_->head(), position)));
    }

    StoreResult<void> fold(Position last) {
        eventstore::LogPages pages{*log_, folded_, last, events_at_once};
        while (true) {
            const auto events = pages.next();
            if (!events) return std::unexpected(events.error());
            if (events->empty()) return {};
            if (auto applied = aside_->apply(view_.name(), *events); !applied) return applied;
            folded_ = events->back()->position;
            if (task_.reached && !task_.reached(folded_)) return std::unexpected(interrupted_error);
        }
    }

    void compare(const Claim& claim) {
        const bool rows = !claim.rows || *claim.rows == result_.folded.rows();
        result_.compared.push_back({claim, rows && claim.digest == result_.folded.digest});
    }

    StoreResult<void> compare_live() {
        if (!live_ || live_->checkpoint != result_.folded.position) return {};
        projections::RowDigest digest{std::string{view_.name()}, view_.version(),
                                      live_->checkpoint};
        auto at = live_->views->cursor(live_->build);
        for (; at.valid(); at.next())
            if (at.kind() == BuildCursor::Kind::row && !at.key().empty())
                digest.add(static_cast<projections::List>(at.key().front()), at.key().substr(1),
                           at.value());
        if (auto readable = at.status(); !readable) return readable;
        const auto found = digest.finish();
        compare({"the live view", view_.version(), found.position, found.rows(), found.digest});
        return {};
    }

    // Both sides must stand at the same event: the fold goes on to where the live view is.
    StoreResult<void> find_first() {
        if (!live_ || live_->checkpoint < folded_) return {};
        if (auto built = fold(live_->checkpoint); !built) return built;
        const auto rebuilt = aside_->finish();
        if (!rebuilt) return std::unexpected(rebuilt.error());
        auto found =
            compare_builds(live_->views->cursor(live_->build),
                           (*rebuilt)->cursor(Aside::build_of(view_.name())), view_.version(), 1);
        if (!found) return std::unexpected(found.error());
        result_.first_at = live_->checkpoint;
        auto& samples = found->samples;
        const auto row =
            std::ranges::find(samples, BuildCursor::Kind::row, [](const auto& s) { return s.of; });
        if (!samples.empty())
            result_.first = std::move(row == samples.end() ? samples.front() : *row);
        return {};
    }

    const ViewAuditTask& task_;
    const projections::View& view_;
    std::optional<Live> live_;
    std::unique_ptr<eventstore::RocksStore> log_;
    std::unique_ptr<Aside> aside_;
    Position folded_ = 0;
    ViewAudit result_;
};

}  // namespace

bool ViewAudit::same() const { return std::ranges::all_of(compared, &Compared::same); }

StoreResult<ViewAudit> audit_view(const ViewAuditTask& task) { return Auditing{task}.run(); }

}  // namespace yeyak::tools
