// The published language of smartphone pre-reservations: the wish of one user for one phone, first
// requested, then confirmed by its payment or cancelled.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"
#include "kernel/sealed.h"

namespace yeyak::prereservation {

enum class CancelReason { user_request, payment_declined, payment_unavailable, payment_timeout };
BOOST_DESCRIBE_ENUM(CancelReason, user_request, payment_declined, payment_unavailable,
                    payment_timeout)

// Pending: it becomes a reservation when it is confirmed.
struct ReservationRequested {
    static constexpr std::string_view type = "prereservation.reservation_requested.v1";
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    Sealed user_address;
    std::int64_t product_id = 0;
    std::string product_name;
    Won price;
    Sealed card_no;                  // masked: 1234-1234-****-1234
    CardToken card_token;            // what the payment provider knows the card by
    std::int32_t delivery_days = 0;  // promised: calendar days from payment to delivery
    friend bool operator==(const ReservationRequested&, const ReservationRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationRequested, (),
                      (id, user_id, user_address, product_id, product_name, price, card_no,
                       card_token, delivery_days))

struct ReservationConfirmed {
    static constexpr std::string_view type = "prereservation.reservation_confirmed.v1";
    std::int64_t id = 0;
    friend bool operator==(const ReservationConfirmed&, const ReservationConfirmed&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationConfirmed, (), (id))

struct ReservationCancelled {
    static constexpr std::string_view type = "prereservation.reservation_cancelled.v1";
    std::int64_t id = 0;
    CancelReason reason = CancelReason::user_request;
    friend bool operator==(const ReservationCancelled&, const ReservationCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationCancelled, (), (id, reason))

using ReservationEvent =
    std::variant<ReservationRequested, ReservationConfirmed, ReservationCancelled>;

struct RequestReservation {
    static constexpr std::string_view type = "prereservation.request_reservation";
    ReservationRequested reservation;
    friend bool operator==(const RequestReservation&, const RequestReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(RequestReservation, (), (reservation))

struct ConfirmReservation {
    static constexpr std::string_view type = "prereservation.confirm_reservation";
    std::int64_t id = 0;
    friend bool operator==(const ConfirmReservation&, const ConfirmReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(ConfirmReservation, (), (id))

struct CancelReservation {
    static constexpr std::string_view type = "prereservation.cancel_reservation";
    std::int64_t id = 0;
    CancelReason reason = CancelReason::user_request;
    friend bool operator==(const CancelReservation&, const CancelReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelReservation, (), (id, reason))

using ReservationCommand = std::variant<RequestReservation, ConfirmReservation, CancelReservation>;

struct ReservationContract {
    static constexpr std::string_view category = "prereservation.reservation";
    static std::string_view context(std::string_view) { return "prereservation"; }
    static std::vector<std::string> tags(const ReservationEvent& event);
    using Command = ReservationCommand;
    using Event = ReservationEvent;
};

// What the payment of a reservation is called: "prereservation-17". Nothing for the payments of
// other systems.
std::string order_of(std::int64_t reservation);
std::optional<std::int64_t> reservation_of_order(std::string_view order);

}  // namespace yeyak::prereservation
