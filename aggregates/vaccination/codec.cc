#include "aggregates/engine/saga_step_impl.h"
#include "aggregates/vaccination/booking.h"
#include "aggregates/vaccination/stock.h"
#include "kernel/json_impl.h"

namespace yeyak {

using namespace vaccination;

YEYAK_INSTANTIATE_VARIANT_CODEC(UserEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(UserCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(SlotEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(SlotCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(ReservationEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(ReservationCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(AppointmentEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(AppointmentCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(StockEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(StockCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(StockState)
YEYAK_INSTANTIATE_VARIANT_CODEC(BookingState)
template std::string encode_saga_step<BookingState>(const SagaStepRecord&, const BookingState&);
template std::expected<BookingState, JsonError> decode_saga_state<BookingState>(std::string_view);

}  // namespace yeyak
