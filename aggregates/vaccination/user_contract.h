// The published language of the people who want to be vaccinated. Every wish is a user of its own,
// as in the original: its number is the number of the reservation and the appointment, too. The
// registration number of the person is here only masked and as a keyed hash.
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

enum class CancelReason {
    user_request,
    date_not_available,
    vaccine_unavailable,
    operator_request,
    no_show
};
BOOST_DESCRIBE_ENUM(CancelReason, user_request, date_not_available, vaccine_unavailable,
                    operator_request, no_show)

struct UserReservationRequested {
    static constexpr std::string_view type = "vaccination.user_reservation_requested.v1";
    std::int64_t id = 0;
    Sealed user_name;
    Sealed user_reg_number;  // masked: 890309-2******
    std::string person;      // keyed hash of the registration number
    Date reserve_date;
    std::int32_t capacity = 0;               // places of that day
    std::vector<std::string> vaccine_types;  // in the order, drawn by lot, in which they are asked
    friend bool operator==(const UserReservationRequested&,
                           const UserReservationRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(UserReservationRequested, (),
                      (id, user_name, user_reg_number, person, reserve_date, capacity,
                       vaccine_types))

struct UserReservationCancelled {
    static constexpr std::string_view type = "vaccination.user_reservation_cancelled.v1";
    std::int64_t id = 0;
    CancelReason reason = CancelReason::user_request;
    friend bool operator==(const UserReservationCancelled&,
                           const UserReservationCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(UserReservationCancelled, (), (id, reason))

struct UserInjected {
    static constexpr std::string_view type = "vaccination.user_injected.v1";
    std::int64_t id = 0;
    std::string vaccine_type;
    Instant inject_date;
    friend bool operator==(const UserInjected&, const UserInjected&) = default;
};
BOOST_DESCRIBE_STRUCT(UserInjected, (), (id, vaccine_type, inject_date))

using UserEvent = std::variant<UserReservationRequested, UserReservationCancelled, UserInjected>;

struct RequestUserReservation {
    static constexpr std::string_view type = "vaccination.request_user_reservation";
    UserReservationRequested reservation;
    friend bool operator==(const RequestUserReservation&, const RequestUserReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(RequestUserReservation, (), (reservation))

struct CancelUserReservation {
    static constexpr std::string_view type = "vaccination.cancel_user_reservation";
    std::int64_t id = 0;
    CancelReason reason = CancelReason::user_request;
    friend bool operator==(const CancelUserReservation&, const CancelUserReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelUserReservation, (), (id, reason))

struct RecordInjection {
    static constexpr std::string_view type = "vaccination.record_injection";
    std::int64_t id = 0;
    std::string vaccine_type;
    Instant inject_date;
    friend bool operator==(const RecordInjection&, const RecordInjection&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordInjection, (), (id, vaccine_type, inject_date))

using UserCommand = std::variant<RequestUserReservation, CancelUserReservation, RecordInjection>;

struct UserContract {
    static constexpr std::string_view category = "vaccination.user";
    static std::string_view context(std::string_view) { return "user"; }
    static std::vector<std::string> tags(const UserEvent& event);
    using Command = UserCommand;
    using Event = UserEvent;
};

}  // namespace yeyak::vaccination
