// The values that the tests of the phone shop speak of: order 17 of two note21.
#pragma once
#include "aggregates/payment/contract.h"
#include "aggregates/phoneshop/order_contract.h"
#include "aggregates/phoneshop/store_order_contract.h"

namespace yeyak::tests::phones {

inline constexpr Won price{1'200'000};
inline constexpr Instant noon{1'605'871'710'123};  // 2020-11-20T11:28:30.123Z
inline constexpr std::int64_t delay_ms = 400;

inline phoneshop::OrderPlaced placed(std::int64_t id = 17) {
    return {id, "note21", 2, "gangnam", "seoul", price, "1234-1234-****-1234", "tok-1", delay_ms};
}
inline phoneshop::OrderReceived received(std::int64_t id = 17) {
    return {id, "note21", 2, "gangnam", "seoul", price, noon + delay_ms};
}
inline phoneshop::ParcelShipped parcel(std::int64_t id = 17) { return {id, "note21", "seoul"}; }

inline const std::string payment_name = "phoneshop-17";
inline payment::PaymentRequested payment_requested() {
    return {payment_name, 17, price, "tok-1", "1234-1234-****-1234", 0, 0, "note21"};
}
inline payment::PaymentCompleted payment_completed() { return {payment_name, "A-1", price, noon}; }
inline payment::PaymentCancelled payment_cancelled() { return {payment_name, price}; }

}  // namespace yeyak::tests::phones
