// Orders of the phone shop: declined, failed, with an unknown outcome, cancelled while the store
// packs, waiting, shipped.
#include "aggregates/phoneshop/sale.h"
#include "tests/aggregates/phoneshop_samples.h"
#include "tests/projections/logs.h"

namespace yeyak::tests {

using namespace phoneshop;

namespace {

class Story {
  public:
    Story(std::int64_t id, std::int64_t begin) : id_(id), key_(std::to_string(id)), begin_(begin) {}

    void tell(std::uint64_t fate) {
        const auto placed = phones::placed(id_);
        order_.add(placed);
        saga_.step<OrderPlaced>(Paying{placed});
        auto asked = phones::payment_requested();
        asked.order = name_;
        asked.number = id_;
        payment_.add(asked);
        if (fate == 0) {
            payment_.add(payment::PaymentDeclined{name_, "limit"});
            return reject(RejectReason::payment_declined);
        }
        if (fate == 1) {
            payment_.add(payment::PaymentFailed{name_, "connection"});
            return reject(RejectReason::payment_unavailable);
        }
        if (fate == 2) {
            payment_.add(payment::PaymentOutcomeUnknown{name_, "timeout", 1, phones::noon});
            payment_.add(payment::PaymentOutcomeAsked{name_, 1});
        }
        payment_.add(payment::PaymentCompleted{name_, "A", phones::price, phones::noon});
        if (fate == 2) {
            refund();
            return reject(RejectReason::payment_timeout);
        }
        order_.add(OrderPaid{id_, phones::noon});
        saga_.step<payment::PaymentCompleted>(Storing{placed, phones::noon});
        store_.add(phones::received(id_));
        if (fate == 3) return cancel();
        store_.add(ParcelPacked{id_});
        if (fate == 4) return;
        order_.add(OrderShipped{id_});
        store_.add(phones::parcel(id_));
        saga_.step<ParcelShipped>(Completed{id_});
    }
    void collect_into(std::vector<Log>& all) { collect(all, order_, payment_, store_, saga_); }

  private:
    void reject(RejectReason reason) {
        order_.add(OrderRejected{id_, reason});
        saga_.step<payment::PaymentDeclined>(Compensated{id_, true});
    }
    void cancel() {
        order_.add(OrderCancelled{id_});
        saga_.step<OrderCancelled>(Compensating{id_, true, true});
        refund();
        store_.add(StoreOrderStopped{id_});
        order_.add(OrderPayCancelled{id_});
        saga_.step<StoreOrderStopped>(Compensated{id_, true});
    }
    void refund() {
        payment_.add(payment::PaymentCancellationRequested{name_, "user_request"});
        payment_.add(payment::RefundPostponed{name_, "connection", 1, phones::noon});
        payment_.add(payment::RefundRetried{name_, 1});
        payment_.add(payment::PaymentCancelled{name_, phones::price});
    }

    std::int64_t id_;
    std::string key_;
    std::int64_t begin_;
    std::string name_ = payment_of(id_);
    StreamOf<OrderContract> order_{key_, begin_};
    StreamOf<payment::Contract> payment_{name_, begin_};
    StreamOf<StoreOrderContract> store_{key_, begin_};
    SagaStream<Sale> saga_{key_, begin_};
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

const StreamsOf streams{"phoneshop", &make_streams};

}  // namespace

}  // namespace yeyak::tests
