// How the view thread begins: which builds there are, and which of them it goes on with.
#include "eventstore/tail.h"
#include "kernel/edge/log.h"
#include "server/view_thread.h"

namespace yeyak::server {

using eventstore::StoreResult;
using projections::Build;
using projections::Generation;

StoreResult<std::unique_ptr<ViewThread>> ViewThread::start(const eventstore::EventStore& store,
                                                           projections::ViewStore& views,
                                                           const projections::Views& known,
                                                           const Contexts& contexts,
                                                           ViewThreadOptions options) {
    std::unique_ptr<ViewThread> self{new ViewThread{store, views, contexts, std::move(options)}};
    if (auto opened = self->open(known); !opened) return std::unexpected(std::move(opened).error());
    self->bell_ = store.tail().add_bell([raw = self.get()](eventstore::Position) { raw->wake(); });
    self->thread_ = std::thread{[raw = self.get()] { raw->run(); }};
    return self;
}

StoreResult<void> ViewThread::open(const projections::Views& known) {
    auto skips = projections::read_skips(store_);
    if (!skips) return std::unexpected(std::move(skips).error());
    skips_ = *std::move(skips);
    for (const auto& view : known) {
        auto made = std::make_unique<ViewState>();
        made->view = view.get();
        made->number = states_.size();
        if (auto opened = open(*made); !opened) return opened;
        states_.push_back(std::move(made));
    }
    given_.resize(states_.size());
    return {};
}

// The build with its builder, when the program's version of the projector made it.
StoreResult<BuildState> ViewThread::open_build(const ViewState& state, const Generation& of) {
    BuildState made;
    const Build build{std::string{state.view->name()}, of.number};
    made.lease = std::make_shared<const Build>(build);
    made.version = of.version;
    const auto checkpoint = views_.checkpoint(build);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    made.position = *checkpoint;
    if (made.position > store_.head()) {  // the log was restored from an older copy
        log::warning("view_ahead_of_log", {{"view", build.view}, {"position", made.position}});
        if (auto dropped = views_.drop(build); !dropped)
            return std::unexpected(std::move(dropped).error());
        made.position = 0;
    }
    if (of.version != state.view->version()) return made;
    auto builder = state.view->builder(views_, build, {.skipped = skips_of(build.view)});
    if (!builder) return std::unexpected(std::move(builder).error());
    made.builder = *std::move(builder);
    return made;
}

StoreResult<void> ViewThread::open(ViewState& state) {
    const auto name = state.view->name();
    auto builds = views_.builds(name);
    if (!builds) return std::unexpected(std::move(builds).error());
    if (builds->live.number == 0) {  // first start
        const auto next = views_.next_build(name);
        if (!next) return std::unexpected(next.error());
        if (auto dropped = views_.drop(*next); !dropped) return dropped;
        if (auto made = views_.activate(*next, state.view->version()); !made) return made;
        builds->live = {next->generation, state.view->version()};
    } else if (auto dropped = views_.drop_unnamed(name); !dropped) {
        return dropped;
    }
    auto live = open_build(state, builds->live);
    if (!live) return std::unexpected(std::move(live).error());
    state.live = *std::move(live);
    state.position = state.live.position;
    state.previous_generation = builds->previous;
    state.switched_ms = builds->switched_ms;
    if (builds->previous.number != 0) {
        auto previous = open_build(state, builds->previous);
        if (!previous) return std::unexpected(std::move(previous).error());
        state.previous = std::make_unique<BuildState>(*std::move(previous));
    }
    // A crash may have come between the record of a skip and what follows from it.
    StoreResult<std::uint64_t> tried = 0;
    if (!skips_of(name).empty())
        for_each_open(state, [&](BuildState& build) {
            if (tried) tried = retry(state, build, {});
        });
    if (!tried) return std::unexpected(std::move(tried).error());
    if (state.live.builder) state.parked = state.live.builder->parked();
    return {};
}

}  // namespace yeyak::server
