// The values that the tests of vaccination speak of: the first user of the founding document, as
// number 17, who comes on 5 October 2021.
#pragma once
#include "aggregates/vaccination/booking.h"
#include "tests/kept.h"

namespace yeyak::tests::vaccines {

using namespace vaccination;

inline constexpr Instant today{1'632'873'600'000};  // 2021-09-29T00:00:00Z, nine o'clock in Seoul
inline const Date day = *parse_date("2021-10-05");
inline const Sealed name = sealed("Taeyeon Kim");
inline const Sealed reg_number = sealed("890309-2******");
inline const std::vector<std::string> both_types{"Moderna", "Pfizer"};

inline UserReservationRequested wished(std::int64_t id = 17) {
    return {id, name, reg_number, "person-1", day, 100, both_types};
}
inline Wish wish(std::int64_t id = 17) { return {id, name, reg_number, day, both_types}; }
inline ReservationRequested reserved(std::int64_t id = 17) {
    return {id, id, name, reg_number, day};
}
inline HospitalReservationReceived received(std::int64_t id = 17) {
    return {id, id, id, "Korean Hospital", name, reg_number, day};
}
inline NoShowRecorded missed(std::int64_t id = 17) { return {id, id, id, day}; }
inline VaccineInjected injected(std::int64_t id = 17) { return {id, id, id, "Moderna", today}; }

}  // namespace yeyak::tests::vaccines
