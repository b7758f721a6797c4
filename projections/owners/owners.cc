#include "projections/owners/owners.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::OwnerRow)
}

namespace yeyak::projections {
namespace {

// "stream@version" is an event, "timer/…" a timer; a request may hold any text after "http/".
bool is_of_the_program(std::string_view causation) {
    if (causation.starts_with("http/")) return false;
    return causation.contains('@') || causation.starts_with("timer/");
}

}  // namespace

std::expected<std::optional<StreamBegun>, JsonError> Owners::read(
    const eventstore::RecordedEvent& recorded) {
    const bool of_a_system = eventstore::category_of(recorded.stream).contains('.');
    if (recorded.version != 1 || !of_a_system || is_of_the_program(recorded.data.causation_id))
        return std::nullopt;
    return StreamBegun{recorded.stream, recorded.data.actor};
}

}  // namespace yeyak::projections
