// The values that the tests of the phone shop speak of: order 17 of two note21.
#pragma once
#include "aggregates/payment/contract.h"
#include "aggregates/phoneshop/order_contract.h"
#include "aggregates/phoneshop/store_order_contract.h"
#include "tests/kept.h"

namespace yeyak::tests::phones {

inline constexpr Won price{1'200'000};
inline constexpr Instant noon{1'605'871'710'123};  // 2020-11-20T11:28:30.123Z
inline constexpr std::int64_t delay_ms = 400;

inline phoneshop::OrderPlaced placed(std::int64_t id = 17) {
    return {id,
            "note21",
            2,
            "gangnam",
            sealed("seoul"),
            price,
            sealed("1234-1234-****-1234"),
            card_token("tok-1"),
            delay_ms};
}
inline phoneshop::OrderReceived received(std::int64_t id = 17) {
    return {id, "note21", 2, "gangnam", sealed("seoul"), price, noon + delay_ms};
}
inline phoneshop::ParcelShipped parcel(std::int64_t id = 17) {
    return {id, "note21", sealed("seoul")};
}

inline const std::string payment_name = "phoneshop-17";
inline payment::PaymentRequested payment_requested() {
    return {payment_name, 17, price, card_token("tok-1"), sealed("1234-1234-****-1234"), 0, 0,
            "note21"};
}
inline payment::PaymentCompleted payment_completed() { return {payment_name, "A-1", price, noon}; }
inline payment::PaymentCancelled payment_cancelled() { return {payment_name, price}; }

}  // namespace yeyak::tests::phones
