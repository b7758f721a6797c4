// What customers and the store's staff ask for, where it takes more than one stream to answer.
// Decided in one unit, so it holds under any concurrency; a refusal leaves nothing behind.
#pragma once
#include "aggregates/engine/unit.h"
#include "aggregates/phoneshop/order_contract.h"

namespace yeyak::phoneshop {

// Gives the order a number; the id of `order` is filled in here. Refused with context_down while
// the app is stopped.
Verdict place_order(Unit& unit, OrderPlaced order);

// The store receives a paid order, if it has not received it already. Refused with context_down
// while the store is stopped, and with order_not_found, order_not_paid or order_cancelled.
Verdict receive_order(Unit& unit, std::int64_t id);

}  // namespace yeyak::phoneshop
