// Pre-reservations: some cancelled, some declined, some with receipts that were withdrawn.
#include "tests/aggregates/prereservation_samples.h"
#include "tests/projections/logs.h"

namespace yeyak::tests {

using namespace prereservation;

namespace {

std::vector<Log> make_streams(std::mt19937_64& random, int count) {
    std::vector<Log> streams;
    for (std::int64_t id = 1; id <= count; ++id) {
        const auto fate = random() % 6;
        auto wish = requested(id);
        wish.user_id = static_cast<std::int64_t>(random() % 3);
        auto asked = payment_requested(id);
        asked.user_id = wish.user_id;
        auto issued = receipt(id);
        issued.user_id = wish.user_id;
        const auto paid_for = order_of(id);
        const auto key = std::to_string(id);
        const auto begin = some_time(random);
        StreamOf<ReservationContract> reservation{key, begin};
        StreamOf<payment::Contract> payment{paid_for, begin};
        StreamOf<ReceiptContract> paper{key, begin};
        SagaStream<Checkout> saga{key, begin};
        reservation.add(wish);
        saga.step<ReservationRequested>(Paying{id, wish.user_id, 1, "fold", price, 21});
        payment.add(asked);
        if (fate == 0) payment.add(payment::PaymentDeclined{paid_for, "limit"});
        if (fate == 1) payment.add(payment::PaymentOutcomeUnknown{paid_for, "t", 1, noon});
        if (fate >= 2) {
            payment.add(payment::PaymentCompleted{paid_for, "A", price, noon});
            reservation.add(ReservationConfirmed{id});
            saga.step<payment::PaymentCompleted>(Completed{id});
        }
        if (fate >= 3) paper.add(issued);
        if (fate < 2 || fate >= 4) {
            reservation.add(ReservationCancelled{id, CancelReason::user_request});
            saga.step<ReservationCancelled>(Compensating{id, true, fate >= 4});
        }
        if (fate >= 4) {
            payment.add(payment::PaymentCancellationRequested{paid_for, "user_request"});
            payment.add(payment::PaymentCancelled{paid_for, price});
            paper.add(ReceiptCancelled{id, id});
            saga.step<ReceiptCancelled>(Compensated{id});
        }
        collect(streams, reservation, payment, paper, saga);
    }
    return streams;
}

const StreamsOf streams{"prereservation", &make_streams};

}  // namespace

}  // namespace yeyak::tests
