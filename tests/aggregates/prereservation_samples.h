// The values that the tests of pre-reservation and payment speak of: reservation 17 of user 1.
#pragma once
#include "aggregates/payment/contract.h"
#include "aggregates/prereservation/checkout.h"
#include "aggregates/prereservation/receipt_contract.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "tests/kept.h"

namespace yeyak::tests {

inline const std::string order = "prereservation-17";
inline constexpr Won price{1'300'000};
inline constexpr Instant noon{1'605'871'710'123};  // 2020-11-20T11:28:30.123Z

inline prereservation::ReservationRequested requested(std::int64_t id = 17) {
    return {id,
            1,
            sealed("seoul"),
            1,
            "fold",
            price,
            sealed("1234-1234-****-1234"),
            card_token("tok-1"),
            21};
}

inline payment::PaymentRequested payment_requested(std::int64_t id = 17) {
    return {prereservation::order_of(id),  id, price, card_token("tok-1"),
            sealed("1234-1234-****-1234"), 1,  1,     "fold"};
}

inline prereservation::ReceiptIssued receipt(std::int64_t id = 17) {
    return {id, id, id, 1, 1, "fold", price, seoul_date(noon) + 21};
}

inline payment::PaymentCompleted completed() { return {order, "A-1", price, noon}; }

}  // namespace yeyak::tests
