// The published language of vaccine reservations: who comes on which day.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/sealed.h"
#include "kernel/time.h"

namespace yeyak::vaccination {

struct ReservationRequested {
    static constexpr std::string_view type = "vaccination.reservation_requested.v1";
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    Sealed user_name;
    Sealed user_reg_number;  // masked
    Date reserve_date;
    friend bool operator==(const ReservationRequested&, const ReservationRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationRequested, (),
                      (id, user_id, user_name, user_reg_number, reserve_date))

struct ReservationCancelled {
    static constexpr std::string_view type = "vaccination.reservation_cancelled.v1";
    std::int64_t id = 0;
    friend bool operator==(const ReservationCancelled&, const ReservationCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationCancelled, (), (id))

// The user came and was injected.
struct ReservationFulfilled {
    static constexpr std::string_view type = "vaccination.reservation_fulfilled.v1";
    std::int64_t id = 0;
    friend bool operator==(const ReservationFulfilled&, const ReservationFulfilled&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationFulfilled, (), (id))

using ReservationEvent =
    std::variant<ReservationRequested, ReservationCancelled, ReservationFulfilled>;

struct RequestReservation {
    static constexpr std::string_view type = "vaccination.request_reservation";
    ReservationRequested reservation;
    friend bool operator==(const RequestReservation&, const RequestReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(RequestReservation, (), (reservation))

// May come before the reservation: one that is requested afterwards is refused.
struct CancelReservation {
    static constexpr std::string_view type = "vaccination.cancel_reservation";
    std::int64_t id = 0;
    friend bool operator==(const CancelReservation&, const CancelReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelReservation, (), (id))

struct FulfilReservation {
    static constexpr std::string_view type = "vaccination.fulfil_reservation";
    std::int64_t id = 0;
    friend bool operator==(const FulfilReservation&, const FulfilReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(FulfilReservation, (), (id))

using ReservationCommand = std::variant<RequestReservation, CancelReservation, FulfilReservation>;

struct ReservationContract {
    static constexpr std::string_view category = "vaccination.reservation";
    static std::string_view context(std::string_view) { return "reservation"; }
    static std::vector<std::string> tags(const ReservationEvent& event);
    using Command = ReservationCommand;
    using Event = ReservationEvent;
};

}  // namespace yeyak::vaccination
