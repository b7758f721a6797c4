#include "api/systems/market/body.h"

#include "api/routes/body_impl.h"
#include "api/routes/forms.h"

namespace yeyak::api {
namespace {

using Product = MarketProductBody;
using Update = MarketProductUpdateBody;
using Reservation = MarketReservationBody;
using Change = MarketReservationUpdateBody;
using Paid = MarketPaidBody;

}  // namespace

const Body<Product> market_product_body{
    Reading::lenient,
    {field(&Product::product_name).length(1, 100),
     field(&Product::product_status).one_of({"01"}, "a new one is available"),
     field(&Product::price).amount(0).about("in won, 0 when it is not given"),
     field(&Product::seller_id).from(1)}};

const Body<Update> market_product_update_body{
    Reading::lenient,
    {field(&Update::id).from(1), field(&Update::product_name).length(1, 100),
     field(&Update::price).amount(0).about("in won")},
    {.refused = {{"productStatus",
                  "cannot be set: it follows from reserving, paying and cancelling"}},
     .any_of = {"productName", "price"}}};

const Body<Reservation> market_reservation_body{
    Reading::lenient,
    {field(&Reservation::product_id).from(1),
     field(&Reservation::reservation_status)
         .one_of({"01"}, "a new reservation is neither cancelled nor paid"),
     field(&Reservation::customer_id).from(1)}};

const Body<Change> market_reservation_update_body{
    Reading::lenient,
    {field(&Change::id).from(1),
     field(&Change::reservation_status)
         .one_of({"02"}, "a reservation can be cancelled and nothing else")},
    {.ignored = {"productId"}}};

const Body<Paid> market_paid_body{Reading::lenient,
                                  {field(&Paid::id).from(1).about("of the payment"),
                                   field(&Paid::reservation_id).from(1).about("the same number"),
                                   field(&Paid::payment_status).one_of({"02"}, "it is to be paid"),
                                   field(&Paid::card_no).form(card_number).about(kept_sealed)},
                                  {.ignored = {"productId"}, .any_of = {"id", "reservationId"}}};

}  // namespace yeyak::api
