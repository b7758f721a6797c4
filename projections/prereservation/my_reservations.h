// "What became of my reservations?" One row for each pre-reservation, joined from the reservation,
// its payment and its receipt, in whatever order their events come; cancelled ones stay.
#pragma once
#include "aggregates/payment/contract.h"
#include "aggregates/prereservation/receipt_contract.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

// How far each part has come; the overall status is derived from the three.
enum class PartStatus { none, open, done, failed, cancelled };
BOOST_DESCRIBE_ENUM(PartStatus, none, open, done, failed, cancelled)

struct MyReservationRow {
    std::int64_t id = 0;
    std::int64_t pre_reservation_id = 0;
    std::optional<std::int64_t> payment_id;
    std::optional<std::int64_t> receipt_id;
    std::int64_t user_id = 0;
    std::int64_t product_id = 0;
    std::string product_name;
    Won price;
    std::string status;  // reservated, paid, receipt_issued, …_cancelled
    std::optional<Date> expected_delivery_at;
    std::optional<std::string> cancel_reason;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
    PartStatus reservation = PartStatus::none;
    PartStatus payment = PartStatus::none;
    PartStatus receipt = PartStatus::none;
};
BOOST_DESCRIBE_STRUCT(MyReservationRow, (),
                      (id, pre_reservation_id, payment_id, receipt_id, user_id, product_id,
                       product_name, price, status, expected_delivery_at, cancel_reason, created_at,
                       modified_at, reservation, payment, receipt))

struct MyReservations {
    static constexpr std::string_view name = "myReservations";
    static constexpr std::string_view context = "myreservation";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "prereservation.reservation"};
    using Sources = Contracts<prereservation::ReservationContract, payment::Contract,
                              prereservation::ReceiptContract>;
    using Row = MyReservationRow;

    static std::optional<std::string> key(const prereservation::ReservationRequested& e);
    static std::optional<std::string> key(const prereservation::ReservationConfirmed& e);
    static std::optional<std::string> key(const prereservation::ReservationCancelled& e);
    static std::optional<std::string> key(const prereservation::ReceiptIssued& e);
    static std::optional<std::string> key(const prereservation::ReceiptCancelled& e);
    template <class PaymentEvent>
    static std::optional<std::string> key(const PaymentEvent& e) {
        return payment_key(e.order);
    }

    static void apply(Row& row, const prereservation::ReservationRequested& e, Instant at);
    static void apply(Row& row, const prereservation::ReservationConfirmed& e, Instant at);
    static void apply(Row& row, const prereservation::ReservationCancelled& e, Instant at);
    static void apply(Row& row, const payment::PaymentRequested& e, Instant at);
    static void apply(Row& row, const payment::PaymentCompleted& e, Instant at);
    static void apply(Row& row, const payment::PaymentDeclined& e, Instant at);
    static void apply(Row& row, const payment::PaymentFailed& e, Instant at);
    static void apply(Row& row, const payment::PaymentOutcomeUnknown& e, Instant at);
    static void apply(Row& row, const payment::PaymentOutcomeAsked& e, Instant at);
    static void apply(Row& row, const payment::PaymentCancellationRequested& e, Instant at);
    static void apply(Row& row, const payment::RefundPostponed& e, Instant at);
    static void apply(Row& row, const payment::RefundRetried& e, Instant at);
    static void apply(Row& row, const payment::PaymentCancelled& e, Instant at);
    static void apply(Row& row, const prereservation::ReceiptIssued& e, Instant at);
    static void apply(Row& row, const prereservation::ReceiptCancelled& e, Instant at);

    // The view shows cancelled reservations among the others (PRE-F6).
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row);

  private:
    static std::optional<std::string> payment_key(std::string_view order);
};

}  // namespace yeyak::projections
