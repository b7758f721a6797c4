#include "projections/rebuild/pass.h"

#include <algorithm>

#include "kernel/ensure.h"

namespace yeyak::projections {

using eventstore::EventPtr;

RebuildPass::RebuildPass(Skips skips, PassOptions options)
    : skips_(std::move(skips)), options_(std::move(options)) {}

StoreResult<Position> RebuildPass::add(ViewStore& store, const View& view, const Build& build) {
    auto builder = view.builder(store, build,
                                {.parts = options_.parts,
                                 .spread = options_.spread,
                                 .logged = options_.logged,
                                 .skipped = skipped_in(skips_, view.name())});
    if (!builder) return std::unexpected(std::move(builder).error());
    const auto position = (*builder)->checkpoint();
    targets_.push_back({&view, build, *std::move(builder)});
    return position;
}

void RebuildPass::remove(std::string_view view) {
    const auto removed =
        std::erase_if(targets_, [&](const Target& target) { return target.view->name() == view; });
    ensure(removed == 1, "a build that is put down is in the pass");
}

std::vector<std::string> RebuildPass::views() const {
    std::vector<std::string> views;
    for (const auto& target : targets_) views.push_back(target.build.view);
    return views;
}

RebuildPass::Outcome RebuildPass::aim(const GoalOf& goal_of) {
    Outcome outcome;
    for (auto& target : targets_) {
        target.goal = goal_of(*target.view);
        const auto position = target.builder->checkpoint();
        const auto near = target.reading_began_at ? options_.near : 0;
        if (position + near >= target.goal || target.reading_began_at == position)
            hand_over(target, outcome);
        target.reading_began_at = position;
    }
    forget_those_that_left();
    return outcome;
}

Position RebuildPass::after() const {
    Position after = last();
    for (const auto& target : targets_) after = std::min(after, target.builder->checkpoint());
    return after;
}

Position RebuildPass::last() const {
    Position last = 0;
    for (const auto& target : targets_) last = std::max(last, target.goal);
    return last;
}

RebuildPass::Outcome RebuildPass::step(const std::vector<EventPtr>& page) {
    Outcome outcome;
    if (page.empty()) return outcome;
    std::vector<Position> stood;
    for (const auto& target : targets_) stood.push_back(target.builder->checkpoint());
    std::vector<StoreResult<void>> advanced(targets_.size());
    const auto work = [&](std::size_t i) { advanced[i] = advance(targets_[i], page); };
    if (options_.side_by_side)
        options_.spread(targets_.size(), work);
    else
        for (std::size_t i = 0; i < targets_.size(); ++i) work(i);
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        auto& target = targets_[i];
        if (!advanced[i]) {
            outcome.failed.push_back({target.build.view, std::move(advanced[i]).error()});
            target.builder.reset();
        } else if (target.builder->checkpoint() != stood[i]) {
            outcome.advanced.push_back(
                {target.build.view, target.builder->checkpoint(), target.builder->parked()});
        }
    }
    forget_those_that_left();
    return outcome;
}

StoreResult<void> RebuildPass::advance(Target& target, const std::vector<EventPtr>& page) {
    const auto from = target.builder->checkpoint();
    const auto through = std::min(target.goal, page.back()->position);
    if (from >= through) return {};
    ensure(page.front()->position <= from + 1, "a reading has no gaps");
    Builder::Events given;
    const auto beyond = [](Position position, const EventPtr& event) {
        return position < event->position;
    };
    const auto first = std::upper_bound(page.begin(), page.end(), from, beyond);
    const auto last = std::upper_bound(first, page.end(), through, beyond);
    for (auto event = first; event != last; ++event)
        if (target.view->reads(eventstore::category_of((*event)->stream)))
            given.push_back(event->get());
    return target.builder->advance(given, through, Keep::now);
}

void RebuildPass::hand_over(Target& target, Outcome& outcome) {
    if (auto durable = target.builder->begin_logging(); !durable)
        outcome.failed.push_back({target.build.view, std::move(durable).error()});
    else
        outcome.hand_over.push_back({target.view, target.build, std::move(target.builder)});
    target.builder.reset();
}

void RebuildPass::forget_those_that_left() {
    std::erase_if(targets_, [](const Target& target) { return !target.builder; });
}

}  // namespace yeyak::projections
