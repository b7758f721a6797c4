// What clients of the market send. The productId of a cancel or a payment is ignored, because the
// reservation knows its own.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "api/routes/body.h"
#include "kernel/money.h"
#include "privacy/personal.h"

namespace yeyak::api {

struct MarketProductBody {
    std::string product_name;
    std::optional<std::string> product_status;
    std::optional<Won> price;
    std::optional<std::int64_t> seller_id;
};
BOOST_DESCRIBE_STRUCT(MarketProductBody, (), (product_name, product_status, price, seller_id))

struct MarketProductUpdateBody {
    std::int64_t id = 0;
    std::optional<std::string> product_name;
    std::optional<Won> price;
};
BOOST_DESCRIBE_STRUCT(MarketProductUpdateBody, (), (id, product_name, price))

struct MarketReservationBody {
    std::int64_t product_id = 0;
    std::optional<std::string> reservation_status;
    std::optional<std::int64_t> customer_id;
};
BOOST_DESCRIBE_STRUCT(MarketReservationBody, (), (product_id, reservation_status, customer_id))

struct MarketReservationUpdateBody {
    std::int64_t id = 0;
    std::string reservation_status;
};
BOOST_DESCRIBE_STRUCT(MarketReservationUpdateBody, (), (id, reservation_status))

struct MarketPaidBody {
    std::optional<std::int64_t> id;  // of the payment, which is that of its reservation
    std::optional<std::int64_t> reservation_id;
    std::optional<std::string> payment_status;
    std::optional<privacy::CardNumber> card_no;
};
BOOST_DESCRIBE_STRUCT(MarketPaidBody, (), (id, reservation_id, payment_status, card_no))

extern const Body<MarketProductBody> market_product_body;
extern const Body<MarketProductUpdateBody> market_product_update_body;
extern const Body<MarketReservationBody> market_reservation_body;
extern const Body<MarketReservationUpdateBody> market_reservation_update_body;
extern const Body<MarketPaidBody> market_paid_body;

}  // namespace yeyak::api
