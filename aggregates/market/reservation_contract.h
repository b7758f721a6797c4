// The published language of reservations in the market: one buyer's hold on one product, until it
// is cancelled by the buyer, by an operator, or because it was not paid in time.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"
#include "kernel/time.h"

namespace yeyak::market {

enum class CancelReason { user_request, expired, operator_request };
BOOST_DESCRIBE_ENUM(CancelReason, user_request, expired, operator_request)

struct Reserved {
    static constexpr std::string_view type = "market.reserved.v1";
    std::int64_t id = 0;
    std::int64_t product_id = 0;
    std::string product_name;  // name and price as they were when it was reserved
    Won price;
    std::optional<std::int64_t> customer_id;
    Instant expires_at;  // unless it is paid
    friend bool operator==(const Reserved&, const Reserved&) = default;
};
BOOST_DESCRIBE_STRUCT(Reserved, (), (id, product_id, product_name, price, customer_id, expires_at))

struct ReservationCancelled {
    static constexpr std::string_view type = "market.reservation_cancelled.v1";
    std::int64_t id = 0;
    std::int64_t product_id = 0;
    std::string product_name;
    std::optional<std::int64_t> customer_id;
    CancelReason reason = CancelReason::user_request;
    friend bool operator==(const ReservationCancelled&, const ReservationCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationCancelled, (), (id, product_id, product_name, customer_id, reason))

using ReservationEvent = std::variant<Reserved, ReservationCancelled>;

struct Reserve {
    static constexpr std::string_view type = "market.reserve";
    Reserved reservation;
    friend bool operator==(const Reserve&, const Reserve&) = default;
};
BOOST_DESCRIBE_STRUCT(Reserve, (), (reservation))

struct CancelReservation {
    static constexpr std::string_view type = "market.cancel_reservation";
    std::int64_t id = 0;
    CancelReason reason = CancelReason::user_request;
    friend bool operator==(const CancelReservation&, const CancelReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelReservation, (), (id, reason))

using ReservationCommand = std::variant<Reserve, CancelReservation>;

struct ReservationContract {
    static constexpr std::string_view category = "market.reservation";
    static std::string_view context(std::string_view) { return "market.reservation"; }
    static std::vector<std::string> tags(const ReservationEvent& event);
    using Command = ReservationCommand;
    using Event = ReservationEvent;
};

}  // namespace yeyak::market
