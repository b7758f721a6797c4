// What the market does on behalf of its users, where a wish concerns more than one stream. Each is
// one unit of work: all of it happens in one commit, or nothing does.
#pragma once
#include "aggregates/engine/unit.h"
#include "aggregates/market/product_contract.h"
#include "aggregates/market/reservation_contract.h"
#include "kernel/sealed.h"

namespace yeyak::market {

// Fills in the id.
Verdict register_product(Unit& unit, ProductRegistered product);

struct ReserveWish {
    std::int64_t product_id = 0;
    std::optional<std::int64_t> customer_id;
    std::int64_t ttl_ms = 0;  // how long it may stay unpaid
};
// The product is held and the reservation made, together: two reservations of one product cannot
// both succeed. Refused as the product refuses, or with context_down while the products or the
// reservations are stopped; a refusal takes no number.
Verdict reserve(Unit& unit, const ReserveWish& wish);

// Frees the product at once, whatever has become of the payment.
Verdict cancel_reservation(Unit& unit, std::int64_t id);

// Asks for the money. The answer names the stream of the payment that was asked for, now or before:
// its outcome is there, and a repeated request waits for the same one.
Verdict pay(Unit& unit, std::int64_t id, Sealed card_no, CardToken card_token);

}  // namespace yeyak::market
