#include "projections/runner/counting.h"

namespace yeyak::projections {

bool counted_already(eventstore::Version seen, eventstore::Version version) {
    return seen >= version;
}

bool is_skipped(const std::set<eventstore::Position>& skipped, eventstore::Position position) {
    return skipped.contains(position);
}

bool waits_behind(const std::map<std::string, std::uint64_t, std::less<>>& parked,
                  const std::set<std::string, std::less<>>& now, std::string_view stream) {
    return parked.contains(stream) || now.contains(stream);
}

}  // namespace yeyak::projections
