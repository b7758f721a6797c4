// The values that the tests of the market speak of: reservation 17 of product 3 by customer 1.
#pragma once
#include "aggregates/market/bill_contract.h"
#include "aggregates/market/product_contract.h"
#include "aggregates/market/reservation_contract.h"
#include "aggregates/payment/contract.h"
#include "tests/kept.h"

namespace yeyak::tests {

inline constexpr Won coffee_price{4'500};
inline constexpr Instant opening{1'605'871'710'000};  // 2020-11-20T11:28:30Z
inline constexpr Instant closing{opening.ms + 30 * 60'000};

inline market::ProductRegistered coffee(std::int64_t id = 3) {
    return {id, "Coffee", coffee_price, 9};
}
inline market::Reserved coffee_reserved(std::int64_t id = 17) {
    return {id, 3, "Coffee", coffee_price, 1, closing};
}
inline market::BillIssued coffee_bill(std::int64_t id = 17) {
    return {id, 3, "Coffee", coffee_price, 1, closing};
}
inline market::ReservationCancelled coffee_cancelled(
    market::CancelReason reason = market::CancelReason::user_request) {
    return {17, 3, "Coffee", 1, reason};
}
inline market::BillPaid coffee_paid() { return {17, 3, "Coffee", 1, 1}; }
inline market::BillPaymentRequested coffee_attempt(std::int64_t attempt = 1) {
    return {17, attempt, sealed("1234-1234-****-1234"), card_token("tok-1")};
}
inline payment::PaymentRequested coffee_payment(std::int64_t attempt = 1) {
    return {market::name_of({17, attempt}),
            17,
            coffee_price,
            card_token("tok-1"),
            sealed("1234-1234-****-1234"),
            1,
            3,
            "Coffee"};
}

}  // namespace yeyak::tests
