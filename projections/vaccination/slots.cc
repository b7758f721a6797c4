#include "projections/vaccination/slots.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::SlotRow)
}

namespace yeyak::projections {

void Slots::apply(Row& row, const vaccination::PlaceTaken& e, Instant) {
    row.id = to_text(e.date);
    row.date = e.date;
    ++row.taken;
}
void Slots::apply(Row& row, const vaccination::PlaceFreed& e, Instant) {
    row.id = to_text(e.date);
    row.date = e.date;
    if (e.was_taken) --row.taken;
}

}  // namespace yeyak::projections
