// Visits to the repair shop: rejected, cancelled, repaired, paid at once or at the second attempt,
// imported; with deliveries.
#include "aggregates/repairshop/visit.h"
#include "tests/aggregates/repairshop_samples.h"
#include "tests/kept.h"
#include "tests/projections/logs.h"

namespace yeyak::tests {

using namespace repairshop;

namespace {

class Story {
  public:
    Story(std::int64_t id, std::int64_t begin)
        : id_(id), key_(std::to_string(id)), begin_(begin), plate_(tests::sealed("12가" + key_)) {}

    void tell(std::uint64_t fate) {
        VisitParts parts;
        parts.id = id_;
        parts.vehi_no = plate_;
        if (fate == 0) {
            receipt_.add(IntakeImported{id_, plate_});
            saga_.step<IntakeImported>(Waiting{parts});
            return deliver(parts);
        }
        receipt_.add(Received{id_, plate_});
        saga_.step<Received>(Working{parts});
        repair_.add(RepairReceived{id_, id_, plate_});
        follow(RepairStat::repair_received, IntakeStat::repair_received);
        if (fate == 1) {
            repair_.add(RepairRejected{id_});
            follow(RepairStat::repair_rejected, IntakeStat::repair_rejected);
            return saga_.step<RepairRejected>(Completed{parts});
        }
        if (fate == 2) {
            receipt_.add(RepairCancelRequested{id_});
            repair_.add(RepairCancelled{id_});
            follow(RepairStat::repair_cancelled, IntakeStat::cancelled);
            return saga_.step<RepairCancelled>(Compensated{parts});
        }
        repair_.add(RepairCompleted{id_, car::amount});
        follow(RepairStat::repaired, IntakeStat::repaired, car::amount);
        if (fate >= 4) pay(fate == 4);
        if (fate >= 4) deliver(parts);
    }
    void collect_into(std::vector<Log>& all) {
        collect(all, receipt_, repair_, delivery_, first_, second_, saga_);
    }

  private:
    void follow(RepairStat repair, IntakeStat stat, std::optional<Won> amount = {}) {
        receipt_.add(IntakeFollowedRepair{id_, repair, amount, stat});
    }
    void pay(bool again) {
        const auto attempt = again ? 2 : 1;
        if (again) {
            request(first_, 1);
            first_.add(payment::PaymentDeclined{name_of({id_, 1}), "limit"});
            receipt_.add(IntakePaymentFailed{id_, 1, PaymentFailure::payment_declined});
        }
        auto& desk = again ? second_ : first_;
        request(desk, attempt);
        desk.add(payment::PaymentCompleted{name_of({id_, attempt}), "A", car::amount, {}});
        receipt_.add(IntakePaid{id_, attempt, car::amount, "A"});
    }
    void request(StreamOf<payment::Contract>& desk, std::int64_t attempt) {
        receipt_.add(PaymentRequested{id_, attempt, car::amount});
        desk.add(payment::PaymentRequested{
            name_of({id_, attempt}), id_, car::amount, {}, {}, 0, 0, plate_.text()});
    }
    void deliver(const VisitParts& parts) {
        receipt_.add(DeliveryRequested{id_, plate_});
        delivery_.add(DeliveryStarted{id_, id_, plate_});
        receipt_.add(IntakeFollowedDelivery{id_});
        saga_.step<DeliveryStarted>(Completed{parts});
    }

    std::int64_t id_;
    std::string key_;
    std::int64_t begin_;
    Sealed plate_;
    StreamOf<IntakeContract> receipt_{key_, begin_};
    StreamOf<RepairContract> repair_{key_, begin_};
    StreamOf<DeliveryContract> delivery_{key_, begin_};
    StreamOf<payment::Contract> first_{name_of({id_, 1}), begin_};
    StreamOf<payment::Contract> second_{name_of({id_, 2}), begin_};
    SagaStream<Visit> saga_{key_, begin_};
};

std::vector<Log> make_streams(std::mt19937_64& random, int count) {
    std::vector<Log> streams;
    for (std::int64_t id = 1; id <= count; ++id) {
        Story story{id, some_time(random)};
        story.tell(random() % 6);
        story.collect_into(streams);
    }
    return streams;
}

const StreamsOf streams{"repairshop", &make_streams};

}  // namespace

}  // namespace yeyak::tests
