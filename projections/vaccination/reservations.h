// Who comes on which day: GET /reservations.
#pragma once
#include "aggregates/vaccination/reservation_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"
#include "projections/vaccination/status.h"

namespace yeyak::projections {

struct VaccineReservationRow {
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::string user_name;
    std::string user_reg_number;  // masked
    std::optional<Date> reserve_date;
    ReserveStatus reserve_status = ReserveStatus::UNKNOWN;
    std::optional<Instant> cancel_date;
};
BOOST_DESCRIBE_STRUCT(VaccineReservationRow, (),
                      (id, user_id, user_name, user_reg_number, reserve_date, reserve_status,
                       cancel_date))

struct VaccineReservations {
    static constexpr std::string_view name = "vaccination.reservations";
    static constexpr std::string_view context = "reservation";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "vaccination.user"};
    using Sources = Contracts<vaccination::ReservationContract>;
    using Row = VaccineReservationRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const vaccination::ReservationRequested& e, Instant at);
    static void apply(Row& row, const vaccination::ReservationCancelled& e, Instant at);
    static void apply(Row& row, const vaccination::ReservationFulfilled& e, Instant at);
    static bool cancelled(const Row&) { return false; }  // the original lists all
    static std::vector<IndexValue> indexes(const Row& row);
};

}  // namespace yeyak::projections
