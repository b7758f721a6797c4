// Wishes to be vaccinated on two days with two vaccines: no place, no dose, cancelled before or
// after the dose, waiting, injected. Days and vaccines are streams that all of them share.
#include <array>

#include "tests/aggregates/vaccination_samples.h"
#include "tests/projections/logs.h"

namespace yeyak::tests {

using namespace vaccines;

namespace {

struct Day {
    StreamOf<SlotContract> slot;
    Date date;
};
struct Vaccine {
    StreamOf<StockContract> stock;
    std::string type;
    std::int64_t left = 0;
};

// What becomes of one wish.
class Story {
  public:
    Story(std::int64_t id, std::int64_t begin, Day& on, Vaccine& with)
        : id_(id), key_(std::to_string(id)), begin_(begin), on_(on), with_(with) {}

    void tell(std::uint64_t fate) {
        auto asked = wished(id_);
        asked.reserve_date = on_.date;
        user_.add(asked);
        auto what = wish(id_);
        what.reserve_date = on_.date;
        saga_.step<UserReservationRequested>(Placing{what, 100});
        if (fate == 0) return give_up(CancelReason::date_not_available);
        on_.slot.add(PlaceTaken{on_.date, id_, 100});
        placed_ = true;
        auto entered = reserved(id_);
        entered.reserve_date = on_.date;
        reservation_.add(entered);
        auto expected = received(id_);
        expected.reserve_date = on_.date;
        appointment_.add(expected);
        saga_.step<HospitalReservationReceived>(Choosing{what, 0});
        if (fate == 1 || with_.left == 0) {
            with_.stock.add(DoseRefused{with_.type, id_});
            return give_up(CancelReason::vaccine_unavailable);
        }
        with_.stock.add(DoseReserved{with_.type, id_, --with_.left});
        dosed_ = true;
        if (fate == 2) return give_up(CancelReason::user_request);
        appointment_.add(VaccineAssigned{id_, id_, with_.type});
        saga_.step<DoseReserved>(Completed{id_, on_.date, with_.type});
        if (fate == 3) return give_up(CancelReason::user_request);
        if (fate == 5) inject();
        if (fate == 6) miss();
    }
    void collect_into(std::vector<Log>& all) {
        collect(all, user_, reservation_, appointment_, saga_);
    }

  private:
    void give_up(CancelReason reason) {
        user_.add(UserReservationCancelled{id_, reason});
        saga_.step<UserReservationCancelled>(Compensating{id_, on_.date, with_.type, true, true});
        reservation_.add(ReservationCancelled{id_});
        on_.slot.add(PlaceFreed{on_.date, id_, placed_});
        appointment_.add(HospitalReservationCancelled{id_, id_});
        if (dosed_) with_.stock.add(DoseReleased{with_.type, id_, ++with_.left});
        saga_.step<HospitalReservationCancelled>(Compensated{id_});
    }
    void inject() {
        appointment_.add(VaccineInjected{id_, id_, id_, with_.type, today});
        with_.stock.add(DoseConsumed{with_.type, id_});
        user_.add(UserInjected{id_, with_.type, today});
        reservation_.add(ReservationFulfilled{id_});
        saga_.step<VaccineInjected>(Vaccinated{id_});
    }

    void miss() {
        appointment_.add(NoShowRecorded{id_, id_, id_, on_.date});
        user_.add(UserReservationCancelled{id_, CancelReason::no_show});
        saga_.step<NoShowRecorded>(Compensating{id_, on_.date, with_.type, true, false, true});
        reservation_.add(ReservationCancelled{id_});
        on_.slot.add(PlaceFreed{on_.date, id_, true});
        with_.stock.add(DoseReleased{with_.type, id_, ++with_.left});
        saga_.step<DoseReleased>(Compensated{id_});
    }

    std::int64_t id_;
    std::string key_;
    std::int64_t begin_;
    Day& on_;
    Vaccine& with_;
    bool placed_ = false;
    bool dosed_ = false;
    StreamOf<UserContract> user_{key_, begin_};
    StreamOf<ReservationContract> reservation_{key_, begin_};
    StreamOf<AppointmentContract> appointment_{key_, begin_};
    SagaStream<Booking> saga_{key_, begin_};
};

Day day_at(Date date, std::int64_t begin) { return {{to_text(date), begin}, date}; }
Vaccine vaccine(const std::string& type, std::int64_t begin) { return {{type, begin}, type}; }

std::vector<Log> make_streams(std::mt19937_64& random, int count) {
    std::vector<Log> streams;
    std::array days{day_at(day, some_time(random)), day_at(day + 1, some_time(random))};
    std::array types{vaccine("Moderna", some_time(random)), vaccine("Pfizer", 0)};
    for (std::int64_t id = 1; id <= count; ++id) {
        auto& with = types[random() % 2];
        if (random() % 3 == 0 || id == 1) {  // no log without a delivery
            with.left += 2;
            with.stock.add(StockReceived{with.type, id, 2, with.left});
        }
        Story story{id, some_time(random), days[random() % 2], with};
        story.tell(random() % 7);
        story.collect_into(streams);
    }
    for (auto& one : days) collect(streams, one.slot);
    for (auto& one : types) collect(streams, one.stock);
    return streams;
}

const StreamsOf streams{"vaccination", &make_streams};

}  // namespace

}  // namespace yeyak::tests
