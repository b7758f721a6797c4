// The command side's list of pre-reservations: GET /preReservations. Cancelled ones leave the list,
// as the original's deleted rows did, and are shown on request.
#pragma once
#include "aggregates/prereservation/reservation_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct PreReservationRow {
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::string user_address;
    std::int64_t product_id = 0;
    std::string product_name;
    Won price;
    std::string card_no;  // masked
    std::string status;   // reservated, paid, reservation_cancelled
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(PreReservationRow, (),
                      (id, user_id, user_address, product_id, product_name, price, card_no, status,
                       created_at, modified_at))

struct PreReservations {
    static constexpr std::string_view name = "preReservations";
    static constexpr std::string_view context = "prereservation";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "prereservation.reservation"};
    using Sources = Contracts<prereservation::ReservationContract>;
    using Row = PreReservationRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const prereservation::ReservationRequested& e, Instant at);
    static void apply(Row& row, const prereservation::ReservationConfirmed& e, Instant at);
    static void apply(Row& row, const prereservation::ReservationCancelled& e, Instant at);
    static bool cancelled(const Row& row) { return row.status == "reservation_cancelled"; }
    static std::vector<IndexValue> indexes(const Row& row) {
        return {{"userId", std::to_string(row.user_id)}};
    }
};

}  // namespace yeyak::projections
