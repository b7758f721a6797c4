// What clients send to pre-reserve a phone.
#pragma once
#include <boost/describe.hpp>
#include <string>

#include "api/routes/body.h"
#include "kernel/money.h"
#include "privacy/personal.h"

namespace yeyak::api {

struct PreReservationBody {
    std::int64_t user_id = 0;
    privacy::Address user_address;
    std::int64_t product_id = 0;
    std::string product_name;
    Won price;
    privacy::CardNumber card_no;
};
BOOST_DESCRIBE_STRUCT(PreReservationBody, (),
                      (user_id, user_address, product_id, product_name, price, card_no))

extern const Body<PreReservationBody> pre_reservation_body;

}  // namespace yeyak::api
