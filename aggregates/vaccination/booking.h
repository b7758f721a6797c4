// The saga of one vaccination: a place, an appointment and a dose, or nothing of it.
//
// state         | hears                   | does                                  | becomes
// --------------+-------------------------+---------------------------------------+-------------
// not begun     | user asked              | take a place                          | placing
// placing       | place taken             | enter the reservation; tell hospital  | receiving
// placing       | refused: the day is full| cancel the user, undo                 | compensating
// receiving     | hospital received       | ask for the first vaccine             | choosing
// choosing      | dose refused, more types| ask for the next                      | choosing
// choosing      | dose reserved           | tell the hospital which vaccine       | completed
// choosing      | dose refused, no more   | cancel the user, undo                 | compensating
// completed     | injected                | tell the user; reservation fulfilled; | injected
//               |                         |  the dose is used up                  |
// completed     | nobody came             | cancel the user, undo the rest        | compensating
// any of these  | user cancelled          | undo                                  | compensating
// compensating  | place freed, hospital   | -                                     | compensated,
//               |  cancelled or missed,   |                                       |  when all are
//               |  dose back              |                                       |
//
// Undo, as far as it came: cancel the reservation, free the place, cancel at the hospital, release
// the dose. A receiver that was asked to undo something never does it afterwards, so a command that
// comes late or again leaves nothing open. Everything else is late or repeated, too, and changes
// nothing.
#pragma once
#include <optional>

#include "aggregates/vaccination/appointment_contract.h"
#include "aggregates/vaccination/reservation_contract.h"
#include "aggregates/vaccination/slot_contract.h"
#include "aggregates/vaccination/stock_contract.h"
#include "aggregates/vaccination/user_contract.h"
#include "kernel/saga.h"
#include "kernel/sealed.h"

namespace yeyak::vaccination {

// What the others need to know of the user.
struct Wish {
    std::int64_t id = 0;
    Sealed user_name;
    Sealed user_reg_number;
    Date reserve_date;
    std::vector<std::string> vaccine_types;
    friend bool operator==(const Wish&, const Wish&) = default;
};
BOOST_DESCRIBE_STRUCT(Wish, (), (id, user_name, user_reg_number, reserve_date, vaccine_types))

struct NotBegun {
    static constexpr std::string_view type = "not_begun";
};
BOOST_DESCRIBE_STRUCT(NotBegun, (), ())
struct Placing {
    static constexpr std::string_view type = "placing";
    Wish wish;
    std::int32_t capacity = 0;
};
BOOST_DESCRIBE_STRUCT(Placing, (), (wish, capacity))
struct Receiving {
    static constexpr std::string_view type = "receiving";
    Wish wish;
};
BOOST_DESCRIBE_STRUCT(Receiving, (), (wish))
struct Choosing {
    static constexpr std::string_view type = "choosing";
    Wish wish;
    std::int32_t asked = 0;  // index of the type that was asked for last
};
BOOST_DESCRIBE_STRUCT(Choosing, (), (wish, asked))
struct Completed {
    static constexpr std::string_view type = "completed";
    std::int64_t id = 0;
    Date reserve_date;
    std::string vaccine_type;
};
BOOST_DESCRIBE_STRUCT(Completed, (), (id, reserve_date, vaccine_type))
struct Vaccinated {
    static constexpr std::string_view type = "injected";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Vaccinated, (), (id))
struct Compensating {
    static constexpr std::string_view type = "compensating";
    std::int64_t id = 0;
    Date reserve_date;
    std::string vaccine_type;  // of the dose; empty when none was asked for
    bool place_open = false;
    bool appointment_open = false;
    bool dose_open = false;
};
BOOST_DESCRIBE_STRUCT(Compensating, (),
                      (id, reserve_date, vaccine_type, place_open, appointment_open, dose_open))
struct Compensated {
    static constexpr std::string_view type = "compensated";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Compensated, (), (id))

using BookingState = std::variant<NotBegun, Placing, Receiving, Choosing, Completed, Vaccinated,
                                  Compensating, Compensated>;

struct Booking {
    static constexpr std::string_view category = "vaccination.booking";
    static constexpr std::string_view context = "user";
    static constexpr std::string_view type = "vaccination.booking_stepped.v1";
    using Sources = Contracts<UserContract, SlotContract, ReservationContract, AppointmentContract,
                              StockContract>;
    using Input =
        std::variant<UserReservationRequested, UserReservationCancelled, PlaceTaken, PlaceFreed,
                     HospitalReservationReceived, VaccineInjected, HospitalReservationCancelled,
                     DoseReserved, DoseRefused, DoseReleased, Refused, NoShowRecorded>;
    using Timeout = NoTimeout;
    using State = BookingState;
    using Step = SagaStep<State, Timeout>;

    // User, reservation and appointment have the same number.
    template <class E>
    static std::optional<std::string> route(const E& event) {
        if constexpr (requires { event.reservation_id; })
            return std::to_string(event.reservation_id);
        else
            return std::to_string(event.id);
    }

    static Step react(const State& state, const Input& input, Instant now);
    static bool ended(const State& state);
    static std::vector<Send> retry(const State& state);
    static Step compensate(const State& state, Instant now);
};

}  // namespace yeyak::vaccination
