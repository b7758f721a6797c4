// Those who want to be vaccinated: GET /users. A row is also what /user/reserve and /user/cancel
// answer.
#pragma once
#include "aggregates/vaccination/user_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"
#include "projections/vaccination/status.h"

namespace yeyak::projections {

struct VaccinationUserRow {
    std::int64_t id = 0;
    std::string user_name;
    std::string user_reg_number;  // masked
    ReserveStatus reserve_status = ReserveStatus::UNKNOWN;
    std::optional<Date> reserve_date;
    std::optional<Instant> modify_date;
    std::optional<Instant> inject_date;
    std::optional<std::string> vaccine_type;
    std::optional<std::string> cancel_reason;
};
BOOST_DESCRIBE_STRUCT(VaccinationUserRow, (),
                      (id, user_name, user_reg_number, reserve_status, reserve_date, modify_date,
                       inject_date, vaccine_type, cancel_reason))

struct VaccinationUsers {
    static constexpr std::string_view name = "vaccination.users";
    static constexpr std::string_view context = "user";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "vaccination.user"};
    using Sources = Contracts<vaccination::UserContract>;
    using Row = VaccinationUserRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const vaccination::UserReservationRequested& e, Instant at);
    static void apply(Row& row, const vaccination::UserReservationCancelled& e, Instant at);
    static void apply(Row& row, const vaccination::UserInjected& e, Instant at);
    static bool cancelled(const Row&) { return false; }  // the original lists all
    static std::vector<IndexValue> indexes(const Row& row);
};

}  // namespace yeyak::projections
