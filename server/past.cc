#include "server/past.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

#include "projections/rebuild/skips.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreError;
using projections::View;
using projections::ViewStore;

namespace {

PastError failed(const StoreError& error) { return {PastError::Kind::failed, error.detail, 0}; }
const PastError ending{PastError::Kind::busy, "the server stops", 0};

void remove_folder(const std::filesystem::path& folder) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

}  // namespace

PastView::PastView(std::filesystem::path folder, projections::Build build, Position position)
    : folder_(std::move(folder)), build_(std::move(build)), position_(position) {}

PastView::~PastView() {
    store_.reset();
    remove_folder(folder_);
}

Past::Past(const eventstore::EventStore& log, PastOptions options)
    : log_(log), options_(std::move(options)) {
    remove_folder(options_.folder);  // of a server that crashed
    thread_ = std::thread{[this] { run(); }};
}

Past::~Past() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    news_.notify_one();
    thread_.join();
    kept_.clear();
    remove_folder(options_.folder);
}

bool Past::submit(Work work) {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_ || waiting_.size() >= options_.max_waiting) return false;
        waiting_.push_back(std::move(work));
    }
    news_.notify_one();
    return true;
}

void Past::run() {
    setpriority(PRIO_PROCESS, 0, 10);  // after the live views, which have 5
    while (true) {
        std::unique_lock lock{mutex_};
        news_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work(stopping_);
    }
}

PastViewPtr Past::nearest(std::string_view view, Position position) const {
    const std::lock_guard lock{mutex_};
    auto best = kept_.end();
    for (auto at = kept_.begin(); at != kept_.end(); ++at)
        if ((*at)->build().view == view && (*at)->position() <= position &&
            (best == kept_.end() || (*at)->position() > (*best)->position()))
            best = at;
    if (best == kept_.end()) return nullptr;
    kept_.splice(kept_.begin(), kept_, best);
    return *best;
}

void Past::view_at(const View& view, Position position, Done<PastViewPtr> done) {
    const auto base = nearest(view.name(), position);
    if (base && base->position() == position) return done(base);
    const auto events = position - (base ? base->position() : 0);
    if (events > options_.max_events)
        return done(
            std::unexpected(PastError{PastError::Kind::too_far, "", events, options_.max_events}));
    const auto shared = std::make_shared<Done<PastViewPtr>>(std::move(done));
    const bool taken = submit([this, &view, position, shared](bool stopping) {
        (*shared)(stopping ? std::unexpected(ending) : build(view, position));
    });
    if (!taken)
        (*shared)(std::unexpected(PastError{PastError::Kind::busy, "too many of them wait", 0}));
}

void Past::history(HistoryCall call, Done<HistoryPage> done) {
    if (call.query.last > options_.max_events)
        return done(std::unexpected(
            PastError{PastError::Kind::too_far, "", call.query.last, options_.max_events}));
    const auto shared = std::make_shared<Done<HistoryPage>>(std::move(done));
    const bool taken = submit([this, asked = std::move(call), shared](bool stopping) {
        (*shared)(stopping ? std::unexpected(ending) : read_history(asked));
    });
    if (!taken)
        (*shared)(std::unexpected(PastError{PastError::Kind::busy, "too many of them wait", 0}));
}

PastResult<PastViewPtr> Past::build(const View& view, Position position) {
    auto base = nearest(view.name(), position);
    if (base && base->position() == position) return base;  // another reader asked for it, too
    auto skips = projections::read_skips(log_, position);
    if (!skips) return std::unexpected(failed(skips.error()));
    projections::BuildHow how;
    how.logged = false;  // a crash throws it away
    how.skipped = projections::skipped_in(*skips, view.name());
    // What has been skipped since then changes rows from the beginning.
    if (base && base->skips_ != how.skipped.size()) base = nullptr;
    std::error_code error;
    std::filesystem::create_directories(options_.folder, error);
    if (error)
        return std::unexpected(PastError{
            PastError::Kind::failed,
            fmt::format("cannot create {}: {}", options_.folder.string(), error.message()), 0});
    const auto folder = options_.folder / std::to_string(++next_folder_);
    const auto built = std::make_shared<PastView>(
        folder, projections::Build{std::string{view.name()}, 1}, position);
    if (base)
        if (const auto copied = base->store().copy_to(folder); !copied)
            return std::unexpected(failed(copied.error()));
    auto store = ViewStore::open(folder, false, options_.max_open_files);
    if (!store) return std::unexpected(failed(store.error()));
    built->store_ = *std::move(store);
    built->skips_ = how.skipped.size();
    const auto builder = view.builder(*built->store_, built->build(), std::move(how));
    if (!builder) return std::unexpected(failed(builder.error()));
    const projections::FoldRange range{base ? base->position() : 0, position};
    const auto folded = projections::fold_up_to(log_, view, **builder, range,
                                                [this](Position) { return !stopping_; });
    if (!folded) return std::unexpected(failed(folded.error()));
    keep(built);
    return built;
}

void Past::keep(PastViewPtr built) {
    std::list<PastViewPtr> evicted;  // let go outside of the lock: a folder may be removed
    const std::lock_guard lock{mutex_};
    kept_.push_front(std::move(built));
    while (kept_.size() > options_.max_builds)
        evicted.splice(evicted.end(), kept_, std::prev(kept_.end()));
}

PastResult<HistoryPage> Past::read_history(const HistoryCall& call) {
    HistoryPage page;
    page.next_after = call.after;
    const auto take = [&](const eventstore::EventPtr& event, const projections::Touch& touch) {
        if (event->position <= call.after) return;
        if (page.events.size() == call.limit) {
            page.end = false;
            return;
        }
        page.events.push_back(projections::json_of_touch(*event, touch));
        page.next_after = event->position;
    };
    auto skips = projections::read_skips(log_, call.query.last);
    if (!skips) return std::unexpected(failed(skips.error()));
    auto query = call.query;
    query.skipped = std::move((*skips)[std::string{query.view->name()}]);
    auto history =
        projections::row_history(log_, query, take, [this](Position) { return !stopping_; });
    if (!history) return std::unexpected(failed(history.error()));
    page.history = *std::move(history);
    return page;
}

std::size_t Past::builds() const {
    const std::lock_guard lock{mutex_};
    return kept_.size();
}

}  // namespace yeyak::server
