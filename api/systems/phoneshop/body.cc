#include "api/systems/phoneshop/body.h"

#include "api/routes/body_impl.h"
#include "api/routes/forms.h"

namespace yeyak::api {

using Order = PhoneOrderBody;

const Body<Order> phone_order_body{
    Reading::lenient,
    {field(&Order::item).length(1, 100), field(&Order::qty).from(1),
     field(&Order::price).amount(0).about("of the whole order, in won; 0 if missing"),
     field(&Order::store).length(0, 100), field(&Order::address).length(0, 200).lines(),
     field(&Order::card_no).form(card_number).about(kept_sealed)},
    {.ignored = {"status"}}};

const Body<StoreManageBody> store_manage_body{
    Reading::lenient, {field(&StoreManageBody::order_id).from(1)}, {.ignored = {"process"}}};

}  // namespace yeyak::api
