#include "replay-tools/replay/first_events.h"

#include <map>

#include "projections/runner/row_history.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using eventstore::StoreResult;

FirstEvent first_of(const eventstore::RecordedEvent& event) {
    return {event.position, event.data.type, event.stream, event.version, event.time};
}

// One row that differs, while its events go by.
class Suspect {
  public:
    Suspect(Difference& difference, const projections::RowFields& blank)
        : difference_(difference),
          blank_(blank),
          set_(difference.changes.size()),
          was_equal_(difference.changes.size()) {}

    void see(const eventstore::RecordedEvent& event, const projections::StoredRow& row) {
        if (!difference_.first && difference_.kind == Difference::Kind::added)
            difference_.first = first_of(event);
        const auto fields = fields_of(row);
        for (std::size_t i = 0; i < difference_.changes.size(); ++i) see_field(event, fields, i);
    }

  private:
    void see_field(const eventstore::RecordedEvent& event, const projections::RowFields& fields,
                   std::size_t i) {
        auto& change = difference_.changes[i];
        const auto* const value = projections::value_of(fields, change.field);
        const auto text = value ? printable(*value) : std::string{"(none)"};
        if (text == change.live) {
            was_equal_[i] = true;
            change.first.reset();
            return;
        }
        const auto* const empty = projections::value_of(blank_, change.field);
        const bool sets = value && !(empty && *empty == *value);
        if (!change.first || (!was_equal_[i] && sets && !set_[i])) change.first = first_of(event);
        set_[i] = set_[i] || sets;
    }

    Difference& difference_;
    const projections::RowFields& blank_;
    std::vector<bool> set_;        // per change: it has been set by an event
    std::vector<bool> was_equal_;  // per change: to the live value, once
};

}  // namespace

StoreResult<void> name_first_events(const eventstore::EventStore& log,
                                    const projections::View& view, eventstore::Position last,
                                    std::set<eventstore::Position> skipped,
                                    std::vector<Difference>& differences) {
    std::vector<std::string> keys;
    for (const auto& difference : differences)
        if (!difference.key.empty()) keys.push_back(difference.key);
    if (keys.empty()) return {};
    projections::RowFollower follower{view, keys, std::move(skipped)};
    const auto blank = projections::fields_of_row(follower.blank());
    std::map<std::string, Suspect, std::less<>> suspects;
    for (auto& difference : differences)
        if (!difference.key.empty()) suspects.try_emplace(difference.key, difference, blank);
    return projections::read_pages(
        log, view.categories(), {0, last},
        [&](const auto& events, eventstore::Position) -> StoreResult<bool> {
            for (const auto& event : events) {
                const auto touch = follower.see(*event);
                if (touch) suspects.at(touch->key).see(*event, touch->after);
            }
            return true;
        });
}

}  // namespace yeyak::tools
