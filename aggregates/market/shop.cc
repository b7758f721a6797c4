#include "aggregates/market/shop.h"

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/market/bill.h"
#include "aggregates/market/product.h"
#include "aggregates/market/reservation.h"
#include "aggregates/payment/contract.h"
#include "kernel/match.h"

namespace yeyak::market {
namespace {

// A step that follows from one that was accepted.
void follow(Unit& unit, const Send& command) {
    const auto verdict = unit.execute(command);
    ensure(verdict.ok(), "what was checked before is accepted");
}

std::int64_t attempt_in(const BillState& state) {
    return match(state)(
        [](const PayingBill& s) { return s.attempt; }, [](const PaidBill& s) { return s.attempt; },
        [](const OpenBill& s) { return s.attempts; }, [](const auto&) { return std::int64_t{1}; });
}

bool can_reserve(const Unit& unit) {
    return unit.is_up(ProductContract::context("")) && unit.is_up(ReservationContract::context(""));
}

}  // namespace

Verdict register_product(Unit& unit, ProductRegistered product) {
    if (!unit.is_up(ProductContract::context(""))) return Verdict::context_down();
    product.id = static_cast<std::int64_t>(unit.next_number("market.products"));
    const auto id = std::to_string(product.id);
    return unit.execute<ProductContract>(id, RegisterProduct{std::move(product)});
}

Verdict reserve(Unit& unit, const ReserveWish& wish) {
    if (!can_reserve(unit)) return Verdict::context_down();
    const auto product_id = std::to_string(wish.product_id);
    const auto product = state_in<Product>(unit, product_id);
    const auto* available = std::get_if<Available>(&product);
    // The product itself says why not.
    if (!available)
        return unit.execute<ProductContract>(product_id, ReserveProduct{wish.product_id, 0});
    const auto id = static_cast<std::int64_t>(unit.next_number("market.reservations"));
    follow(unit,
           send<ProductContract>(product_id, ReserveProduct{wish.product_id, id}, Delivery::now));
    const auto& details = available->details;
    return unit.execute<ReservationContract>(
        std::to_string(id), Reserve{{id, wish.product_id, details.product_name, details.price,
                                     wish.customer_id, unit.now() + wish.ttl_ms}});
}

Verdict cancel_reservation(Unit& unit, std::int64_t id) {
    if (!can_reserve(unit)) return Verdict::context_down();
    const auto stream_id = std::to_string(id);
    const auto reservation = state_in<Reservation>(unit, stream_id);
    auto verdict = unit.execute<ReservationContract>(
        stream_id, CancelReservation{id, CancelReason::user_request});
    if (const auto* active = std::get_if<ActiveReservation>(&reservation))
        follow(unit, send<ProductContract>(std::to_string(active->details.product_id),
                                           ReleaseProduct{active->details.product_id, id},
                                           Delivery::now));
    return verdict;
}

Verdict pay(Unit& unit, std::int64_t id, Sealed card_no, CardToken card_token) {
    const auto stream_id = std::to_string(id);
    auto verdict = unit.execute<BillContract>(
        stream_id, PayBill{id, std::move(card_no), std::move(card_token), unit.now()});
    if (!verdict.ok()) return verdict;
    const auto attempt = attempt_in(state_in<Bill>(unit, stream_id));
    verdict.stream = stream_of(payment::Contract::category, name_of({id, attempt}));
    verdict.version = unit.head(verdict.stream);
    return verdict;
}

}  // namespace yeyak::market
