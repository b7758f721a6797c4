#include "replay-tools/audit/systems/vaccination.h"

// The books of vaccination, kept from the events alone: no day is overbooked, no person has two
// active reservations, every type has available = received - reserved - consumed >= 0, and every
// appointment that has its vaccine has exactly that dose.
#include <fmt/format.h>

#include <map>

#include "aggregates/vaccination/booking.h"
#include "kernel/match.h"
#include "kernel/message.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

using namespace vaccination;
using eventstore::RecordedEvent;

// Calls `look` with each event of a contract; what cannot be read is found by "events decode".
template <class Contract, class Look>
void read(const RecordedEvent& recorded, Look look) {
    if (eventstore::category_of(recorded.stream) != Contract::category) return;
    const auto event =
        decode_event<typename Contract::Event>(recorded.data.type, recorded.data.payload);
    if (event) std::visit(look, *event);
}

class Days final : public Check {
  public:
    Days() : Check("places of every day") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            if (!record.event) continue;
            read<SlotContract>(
                *record.event,
                Overloaded{[&](const PlaceTaken& e) {
                               counted();
                               const auto taken = ++taken_[e.date];
                               if (taken <= e.capacity) return;
                               fail(overbooked(*record.event, taken, e.capacity));
                           },
                           [&](const PlaceFreed& e) { taken_[e.date] -= e.was_taken ? 1 : 0; }});
        }
    }

  private:
    static Finding overbooked(const RecordedEvent& event, std::int64_t taken,
                              std::int32_t capacity) {
        return at(event, fmt::format("{} places taken", taken),
                  fmt::format("at most {}, the capacity of the day", capacity));
    }
    std::map<Date, std::int64_t> taken_;
};

class Persons final : public Check {
  public:
    Persons() : Check("one active reservation per person") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            if (!record.event) continue;
            read<UserContract>(*record.event,
                               Overloaded{[&](const UserReservationRequested& e) {
                                              counted();
                                              person_[e.id] = e.person;
                                              if (++active_[e.person] == 1) return;
                                              fail(at(*record.event, "a second active reservation",
                                                      "one per person"));
                                          },
                                          [&](const auto& e) { --active_[person_[e.id]]; }});
        }
    }

  private:
    std::map<std::int64_t, std::string> person_;
    std::map<std::string, int> active_;
};

class Doses final : public Check {
  public:
    Doses() : Check("doses of every vaccine") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            if (!record.event) continue;
            read<StockContract>(*record.event, [&](const auto& e) { move(*record.event, e); });
            read<AppointmentContract>(*record.event, [&](const auto& e) {
                appointments_[e.reservation_id].position = record.position;
                treat(e);
            });
        }
    }
    void finish(const Audited& audited) override {
        for (const auto& [reservation, appointment] : appointments_) {
            if (appointment.vaccine_type.empty()) continue;
            counted();
            const auto held = held_.find(reservation);
            if (held != held_.end() && held->second == appointment.vaccine_type) continue;
            const auto newest = audited.log->record(appointment.position);
            // Its cancellation may still wait for the hospital.
            if (!newest.event || audited.pending_streams().contains(newest.event->stream)) continue;
            fail(at(*newest.event,
                    held == held_.end() ? "no dose is reserved" : "a dose of " + held->second,
                    "one dose of " + appointment.vaccine_type));
        }
    }

  private:
    struct Appointment {
        std::string vaccine_type;  // while it is active
        Position position = 0;
    };

    void move(const RecordedEvent& event, const StockReceived& e) {
        counted();
        left_[e.vaccine_type] += e.count;
        compare(event, e.vaccine_type, e.available);
    }
    void move(const RecordedEvent& event, const DoseReserved& e) {
        counted();
        if (!held_.try_emplace(e.reservation_id, e.vaccine_type).second)
            fail(at(event, "a second dose for the reservation", "one"));
        --left_[e.vaccine_type];
        compare(event, e.vaccine_type, e.available);
    }
    void move(const RecordedEvent& event, const DoseReleased& e) {
        counted();
        give_up(event, e.reservation_id, e.vaccine_type);
        ++left_[e.vaccine_type];
        compare(event, e.vaccine_type, e.available);
    }
    void move(const RecordedEvent& event, const DoseConsumed& e) {
        counted();
        give_up(event, e.reservation_id, e.vaccine_type);
    }
    void move(const RecordedEvent&, const DoseRefused&) {}

    void give_up(const RecordedEvent& event, std::int64_t reservation, const std::string& type) {
        const auto held = held_.find(reservation);
        if (held == held_.end() || held->second != type)
            return fail(at(event, "a dose that was not reserved", "the one that was"));
        held_.erase(held);
    }
    void compare(const RecordedEvent& event, const std::string& type, std::int64_t told) {
        const auto left = left_[type];
        if (left == told && left >= 0) return;
        fail(at(event, fmt::format("{} doses are said to be left", told),
                fmt::format("{} by the movements, never less than 0", left)));
    }

    void treat(const HospitalReservationReceived&) {}
    void treat(const VaccineAssigned& e) {
        appointments_[e.reservation_id].vaccine_type = e.vaccine_type;
    }
    void treat(const VaccineInjected& e) { appointments_[e.reservation_id].vaccine_type.clear(); }
    void treat(const HospitalReservationCancelled& e) {
        appointments_[e.reservation_id].vaccine_type.clear();
    }

    void treat(const NoShowRecorded& e) { appointments_[e.reservation_id].vaccine_type.clear(); }

    std::map<std::string, std::int64_t> left_;
    std::map<std::int64_t, std::string> held_;  // type by reservation
    std::map<std::int64_t, Appointment> appointments_;
};

template <class C>
CheckPtr make() {
    return std::make_unique<C>();
}

}  // namespace

AuditedSystem vaccination_system() {
    return {.name = "vaccination",
            .categories = {category<UserContract>(), category<SlotContract>(),
                           category<ReservationContract>(), category<AppointmentContract>(),
                           category<StockContract>()},
            .sagas = {saga<Booking>()},
            .orders = {},
            .invariants = {&make<Days>, &make<Persons>, &make<Doses>}};
}

}  // namespace yeyak::tools
