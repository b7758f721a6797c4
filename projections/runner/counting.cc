#include "projections/runner/counting.h"

namespace yeyak::projections {

bool counted_already(eventstore::Version seen, eventstore::Version version) {
#ifdef YEYAK_MUTANT_event_counted_twice
    return false;
#endif
    return seen >= version;
}

bool is_skipped(const std::set<eventstore::Position>& skipped, eventstore::Position position) {
#ifdef YEYAK_MUTANT_skip_not_honoured
    return false;
#endif
    return skipped.contains(position);
}

bool waits_behind(const std::map<std::string, std::uint64_t, std::less<>>& parked,
                  const std::set<std::string, std::less<>>& now, std::string_view stream) {
#ifdef YEYAK_MUTANT_successor_of_parked_applied
    return false;
#endif
    return parked.contains(stream) || now.contains(stream);
}

}  // namespace yeyak::projections
