#include "projections/prereservation/my_reservations.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::MyReservationRow)
}

namespace yeyak::projections {
namespace {

using namespace prereservation;
using Row = MyReservationRow;

// The furthest of what happened. Parts only move forward, so the overall status does, too.
std::string_view overall(const Row& row) {
    if (row.receipt == PartStatus::cancelled) return "receipt_cancelled";
    if (row.payment == PartStatus::cancelled) return "payment_cancelled";
    if (row.reservation == PartStatus::cancelled) return "reservation_cancelled";
    if (row.receipt == PartStatus::done) return "receipt_issued";
    if (row.payment == PartStatus::done) return "paid";
    return "reservated";
}

// Parts only move forward: an event that comes late never takes back a cancellation.
void advance(PartStatus& part, PartStatus to) {
    if (part < to) part = to;
}

void changed(Row& row, Instant at) {
    row.status = overall(row);
    if (!row.modified_at || *row.modified_at < at) row.modified_at = at;
}

void identify(Row& row, std::int64_t id) {
    row.id = id;
    row.pre_reservation_id = id;
}
template <class PaymentEvent>
void identify(Row& row, const PaymentEvent& e) {
    if (const auto id = reservation_of_order(e.order)) identify(row, *id);
}

}  // namespace

std::optional<std::string> MyReservations::key(const ReservationRequested& e) {
    return number_key(e.id);
}
std::optional<std::string> MyReservations::key(const ReservationConfirmed& e) {
    return number_key(e.id);
}
std::optional<std::string> MyReservations::key(const ReservationCancelled& e) {
    return number_key(e.id);
}
std::optional<std::string> MyReservations::key(const ReceiptIssued& e) {
    return number_key(e.pre_reservation_id);
}
std::optional<std::string> MyReservations::key(const ReceiptCancelled& e) {
    return number_key(e.pre_reservation_id);
}
std::optional<std::string> MyReservations::payment_key(std::string_view order) {
    const auto id = reservation_of_order(order);
    if (!id) return std::nullopt;
    return number_key(*id);
}

void MyReservations::apply(Row& row, const ReservationRequested& e, Instant at) {
    identify(row, e.id);
    row.user_id = e.user_id;
    row.product_id = e.product_id;
    row.product_name = e.product_name;
    row.price = e.price;
    row.created_at = at;
    advance(row.reservation, PartStatus::open);
    changed(row, at);
}
void MyReservations::apply(Row& row, const ReservationConfirmed& e, Instant at) {
    identify(row, e.id);
    advance(row.reservation, PartStatus::done);
    changed(row, at);
}
void MyReservations::apply(Row& row, const ReservationCancelled& e, Instant at) {
    identify(row, e.id);
    row.cancel_reason = boost::describe::enum_to_string(e.reason, "");
    advance(row.reservation, PartStatus::cancelled);
    changed(row, at);
}

void MyReservations::apply(Row& row, const payment::PaymentRequested& e, Instant at) {
    identify(row, e);
    row.payment_id = e.number;
    row.user_id = e.user_id;
    row.product_id = e.product_id;
    row.product_name = e.product_name;
    row.price = e.price;
    advance(row.payment, PartStatus::open);
    changed(row, at);
}
void MyReservations::apply(Row& row, const payment::PaymentCompleted& e, Instant at) {
    identify(row, e);
    advance(row.payment, PartStatus::done);
    changed(row, at);
}
void MyReservations::apply(Row& row, const payment::PaymentDeclined& e, Instant at) {
    identify(row, e);
    advance(row.payment, PartStatus::failed);
    changed(row, at);
}
void MyReservations::apply(Row& row, const payment::PaymentFailed& e, Instant at) {
    identify(row, e);
    advance(row.payment, PartStatus::failed);
    changed(row, at);
}
void MyReservations::apply(Row& row, const payment::PaymentOutcomeUnknown& e, Instant at) {
    identify(row, e);
    changed(row, at);
}
void MyReservations::apply(Row& row, const payment::PaymentOutcomeAsked& e, Instant at) {
    identify(row, e);
    changed(row, at);
}
void MyReservations::apply(Row& row, const payment::PaymentCancellationRequested& e, Instant at) {
    identify(row, e);
    changed(row, at);
}
void MyReservations::apply(Row& row, const payment::RefundPostponed& e, Instant at) {
    identify(row, e);
    changed(row, at);
}
void MyReservations::apply(Row& row, const payment::RefundRetried& e, Instant at) {
    identify(row, e);
    changed(row, at);
}
void MyReservations::apply(Row& row, const payment::PaymentCancelled& e, Instant at) {
    identify(row, e);
    advance(row.payment, PartStatus::cancelled);
    changed(row, at);
}

void MyReservations::apply(Row& row, const ReceiptIssued& e, Instant at) {
    identify(row, e.pre_reservation_id);
    row.receipt_id = e.id;
    row.expected_delivery_at = e.expected_delivery_at;
    advance(row.receipt, PartStatus::done);
    changed(row, at);
}
void MyReservations::apply(Row& row, const ReceiptCancelled& e, Instant at) {
    identify(row, e.pre_reservation_id);
    advance(row.receipt, PartStatus::cancelled);
    changed(row, at);
}

std::vector<IndexValue> MyReservations::indexes(const Row& row) {
    return {{"userId", std::to_string(row.user_id)}, {"status", row.status}};
}

}  // namespace yeyak::projections
