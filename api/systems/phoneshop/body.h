// What clients send to the phone shop.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "api/routes/body.h"
#include "kernel/money.h"
#include "privacy/personal.h"

namespace yeyak::api {

struct PhoneOrderBody {
    std::string item;
    std::int64_t qty = 0;
    std::optional<Won> price;  // of the whole order
    std::optional<std::string> store;
    std::optional<privacy::Address> address;
    std::optional<privacy::CardNumber> card_no;
};
BOOST_DESCRIBE_STRUCT(PhoneOrderBody, (), (item, qty, price, store, address, card_no))

struct StoreManageBody {
    std::int64_t order_id = 0;
};
BOOST_DESCRIBE_STRUCT(StoreManageBody, (), (order_id))

extern const Body<PhoneOrderBody> phone_order_body;
extern const Body<StoreManageBody> store_manage_body;

}  // namespace yeyak::api
