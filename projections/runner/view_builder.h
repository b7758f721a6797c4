// The builder of a view of a given type. A batch goes through three steps: events are read and
// their keys found, each event by itself; each part folds the events of its keys, in order; each
// part's rows become changes, which are written as one batch with the checkpoint. Within a step,
// pieces may be done on several threads (BuildHow::spread).
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "kernel/json_schema.h"
#include "projections/runner/view_tracer.h"

namespace yeyak::projections {

// More than this many streams with parked events are no poison: the projector is broken.
inline constexpr std::size_t max_parked_streams = 10'000;

template <class V>
class ViewBuilder final : public Builder {
  public:
    static constexpr std::size_t max_cached = 20'000;
    static constexpr Position max_events_unkept = 10'000;

    ViewBuilder(ViewStore& store, Build build, Position checkpoint, RowCounts counts, BuildHow how)
        : store_(store),
          build_(std::move(build)),
          checkpoint_(checkpoint),
          counts_(counts),
          how_(std::move(how)) {
        for (std::size_t i = 0; i < how_.parts; ++i)
            parts_.emplace_back(store_, build_, checkpoint == 0, max_cached / how_.parts);
    }

    // Reads which events are parked.
    StoreResult<void> open() {
        return store_.scan_parked(build_, {}, [&](const ParkedEvent& event) {
            ++parked_[event.stream];
            ++parked_count_;
            return true;
        });
    }

    Position checkpoint() const override { return checkpoint_; }
    std::uint64_t parked() const override { return parked_count_; }
    void skip(Position position) override { how_.skipped.insert(position); }

    StoreResult<void> begin_logging() override {
        how_.logged = true;
        return store_.flush();
    }

    StoreResult<void> advance(const Events& events, Position through, Keep keep) override {
        if (failure_) return std::unexpected(*failure_);
        auto applied = fold_all(events);
        if (applied) {
            checkpoint_ = through;
            const bool changed = !parks_.empty() || std::ranges::any_of(parts_, &Part<V>::dirty);
            const bool later =
                keep == Keep::lazily && !changed && checkpoint_ - kept_ < max_events_unkept;
            if (later || kept_ == checkpoint_) return {};
            applied = commit();
        }
        if (!applied) failure_ = applied.error();
        return applied;
    }

    StoreResult<std::uint64_t> retry(const std::vector<eventstore::EventPtr>& events) override {
        if (failure_) return std::unexpected(*failure_);
        std::uint64_t done = 0;
        for (const auto& event : events) {
            auto step = read(*event);
            if (step.concerns && step.error.empty()) {
                auto folded = parts_[step.part].fold_carefully(step);
                if (!folded) return std::unexpected(*(failure_ = std::move(folded).error()));
                step.error = *std::move(folded);
            }
            if (!step.error.empty()) {  // still; perhaps for another reason
                again_ = parked_event(step);
                break;
            }
            unparks_.push_back(event.get());
            ++done;
        }
        if (auto written = commit(); !written)
            return std::unexpected(*(failure_ = std::move(written).error()));
        return done;
    }

  private:
    using Step = typename Part<V>::Step;

    void spread(std::size_t count, const std::function<void(std::size_t)>& work) {
        if (how_.spread && count > 1)
            how_.spread(count, work);
        else
            for (std::size_t i = 0; i < count; ++i) work(i);
    }

    Step read(const eventstore::RecordedEvent& recorded) {
        auto step = Part<V>::read(recorded);
        if (is_skipped(how_.skipped, recorded.position)) {
            step.concerns = false;
            step.error.clear();
        }
        if (parts_.size() > 1) step.part = Part<V>::number_of(step.key, parts_.size());
        return step;
    }

    static ParkedEvent parked_event(const Step& step) {
        const auto& event = *step.recorded;
        return {event.stream, event.position, event.data.type, step.error};
    }

    // Whether the event is parked, because it has an error or its stream is parked already.
    bool park(Step& step) {
        if (!step.concerns) return false;
        const bool behind = waits_behind(parked_, new_, step.recorded->stream);
        if (!behind && step.error.empty()) return false;
        if (behind) step.error.clear();
        parks_.push_back(parked_event(step));
        new_.insert(step.recorded->stream);
        return true;
    }

    StoreResult<void> fold_all(const Events& events) {
        std::vector<Step> steps(events.size());
        const auto slices = parts_.size();
        spread(slices, [&](std::size_t slice) {
            for (auto i = slice * steps.size() / slices; i < (slice + 1) * steps.size() / slices;
                 ++i)
                steps[i] = read(*events[i]);
        });
        const bool readable =
            std::ranges::all_of(steps, [](const Step& step) { return step.error.empty(); });
        if (!readable) return fold_carefully(steps);
        if (!parked_.empty())
            for (auto& step : steps)
                if (park(step)) step.concerns = false;
        std::vector<std::optional<StoreError>> failed(parts_.size());
        std::vector<char> threw(parts_.size(), 0);
        spread(parts_.size(), [&](std::size_t part) {
            threw[part] = !parts_[part].fold(steps, part, failed[part]);
        });
        for (auto& error : failed)
            if (error) return std::unexpected(*std::move(error));
        if (std::ranges::find(threw, 1) == threw.end()) return {};
        for (auto& part : parts_) part.forget_changes();
        parks_.clear();
        new_.clear();
        for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = read(*events[i]);
        return fold_carefully(steps);
    }

    // One after the other, ready for any of them to fail.
    StoreResult<void> fold_carefully(std::vector<Step>& steps) {
        for (auto& step : steps) {
            if (park(step) || !step.concerns) continue;
            auto folded = parts_[step.part].fold_carefully(step);
            if (!folded) return std::unexpected(std::move(folded).error());
            step.error = *std::move(folded);
            park(step);
        }
        if (parked_.size() + new_.size() <= max_parked_streams) return {};
        return std::unexpected(StoreError{
            StoreError::Kind::corrupt,
            fmt::format("view {}: events of more than {} streams cannot be applied, the last one "
                        "at position {}: {}",
                        V::name, max_parked_streams, parks_.back().position,
                        parks_.back().reason)});
    }

    StoreResult<void> commit() {
        ViewStore::Changes changes{build_};
        std::vector<ViewStore::Changes> made;
        for (std::size_t part = 1; part < parts_.size(); ++part) made.emplace_back(build_);
        std::vector<RowCounts> more(parts_.size());
        spread(parts_.size(), [&](std::size_t part) {
            parts_[part].collect(part == 0 ? changes : made[part - 1], more[part]);
        });
        for (const auto& other : made) changes.take(other);
        auto counts = counts_;
        for (const auto& part : more) {
            counts.active += part.active;
            counts.cancelled += part.cancelled;
        }
        for (const auto* event : unparks_) changes.unpark(event->stream, event->position);
        for (const auto& event : parks_) changes.park(event);
        if (again_) changes.park(*again_);
        auto written = store_.write(changes, checkpoint_, counts, {kept_, how_.logged});
        if (!written) return written;
        counts_ = counts;
        kept_ = checkpoint_;
        remember_parked();
        return {};
    }

    void remember_parked() {
        for (const auto* event : unparks_) {
            --parked_count_;
            if (--parked_.at(event->stream) == 0) parked_.erase(event->stream);
        }
        for (const auto& event : parks_) {
            ++parked_[event.stream];
            ++parked_count_;
        }
        unparks_.clear();
        again_.reset();
        parks_.clear();
        new_.clear();
    }

    ViewStore& store_;
    Build build_;
    Position checkpoint_;
    Position kept_ = checkpoint_;  // as far as the store knows
    RowCounts counts_;
    BuildHow how_;
    std::optional<StoreError> failure_;
    std::deque<Part<V>> parts_;
    std::map<std::string, std::uint64_t, std::less<>> parked_;  // how many events, by stream
    std::uint64_t parked_count_ = 0;
    // Of the batch that is being made.
    std::vector<ParkedEvent> parks_;
    std::vector<const eventstore::RecordedEvent*> unparks_;
    std::optional<ParkedEvent> again_;        // tried again, in vain
    std::set<std::string, std::less<>> new_;  // streams that were parked in it
};

template <class V>
class ViewOf final : public View {
  public:
    std::string_view name() const override { return V::name; }
    std::string_view context() const override { return V::context; }
    std::uint32_t version() const override { return V::version; }
    Subject subject() const override { return V::subject; }
    std::string empty_row() const override { return to_json(typename V::Row{}); }
    std::string row_schema() const override { return json_schema<typename V::Row>(); }
    std::string field_schema(std::string_view field) const override {
        return json_schema_of<typename V::Row>(field);
    }
    bool reads(std::string_view category) const override { return Part<V>::reads(category); }
    std::vector<std::string> categories(std::string_view key) const override {
        return categories_of_view<V>(key);
    }
    std::unique_ptr<Tracer> tracer(const std::vector<std::string>& keys) const override {
        return std::make_unique<ViewTracer<V>>(keys);
    }
    std::expected<bool, std::string> try_event(
        const eventstore::RecordedEvent& recorded) const override {
        return try_for_view<V>(recorded);
    }
    std::optional<std::string> refuse_value(std::string_view field,
                                            std::string_view text) const override {
        // A row of nothing else: whatever it lacks, what is there must be of the field's kind.
        std::string row = fmt::format("{{\"{}\":", field);
        append_json_string(row, text);
        const auto read = from_json<typename V::Row>(row + '}', Reading::lenient);
        if (read || read.error().field != field || read.error().code == "missing_field")
            return std::nullopt;
        return read.error().detail;
    }
    StoreResult<std::unique_ptr<Builder>> builder(ViewStore& store, const Build& build,
                                                  BuildHow how) const override {
        const auto checkpoint = store.checkpoint(build);
        if (!checkpoint) return std::unexpected(checkpoint.error());
        const auto counts = store.counts(build);
        if (!counts) return std::unexpected(counts.error());
        auto made =
            std::make_unique<ViewBuilder<V>>(store, build, *checkpoint, *counts, std::move(how));
        if (auto opened = made->open(); !opened) return std::unexpected(std::move(opened).error());
        return made;
    }
};

}  // namespace yeyak::projections
