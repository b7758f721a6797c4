#include "api/systems/prereservation/body.h"

#include "api/routes/body_impl.h"
#include "api/routes/forms.h"

namespace yeyak::api {

using Order = PreReservationBody;

const Body<Order> pre_reservation_body{
    Reading::lenient,
    {field(&Order::user_id).from(1), field(&Order::user_address).length(1, 200).lines(),
     field(&Order::product_id).from(1), field(&Order::product_name).length(1, 100),
     field(&Order::price).amount(1).about("in won"),
     field(&Order::card_no).form(card_number).about(kept_sealed)},
    {.ignored = {"status"}}};

}  // namespace yeyak::api
