// Reservations of the market: unpaid, paid, tried again, cancelled, refunded.
#include "aggregates/market/purchase.h"
#include "tests/aggregates/market_samples.h"
#include "tests/projections/logs.h"

namespace yeyak::tests {

using namespace market;

namespace {

std::vector<Log> make_streams(std::mt19937_64& random, int count) {
    std::vector<Log> streams;
    for (std::int64_t id = 1; id <= count; ++id) {
        const auto fate = random() % 6;
        const auto key = std::to_string(id);
        const auto begin = some_time(random);
        const bool paid = fate >= 2;
        const bool cancelled = fate == 1 || fate >= 4;
        StreamOf<ProductContract> product{key, begin};
        StreamOf<ReservationContract> reservation{key, begin};
        StreamOf<BillContract> bill{key, begin};
        StreamOf<payment::Contract> payment{"market-" + key, begin};
        SagaStream<Purchase> saga{key, begin};
        auto offer = coffee(id);
        if (fate % 2 == 0) offer.seller_id.reset();
        product.add(offer);
        product.add(ProductReserved{id, id});
        auto wish = coffee_reserved(id);
        wish.product_id = id;
        wish.customer_id = static_cast<std::int64_t>(random() % 3);
        if (*wish.customer_id == 0) wish.customer_id.reset();
        reservation.add(wish);
        const BillIssued issued{
            id, id, wish.product_name, wish.price, wish.customer_id, wish.expires_at};
        bill.add(issued);
        saga.step<Reserved>(Unpaid{issued});
        if (fate == 3) {  // a first attempt that was declined
            bill.add(BillPaymentRequested{id, 1, {}, {}});
            bill.add(BillReopened{id, 1});
        }
        if (paid) {
            const BillPaymentRequested attempt{id, 1 + (fate == 3 ? 1 : 0), {}, {}};
            bill.add(attempt);
            saga.step<BillPaymentRequested>(Paying{issued, attempt});
            bill.add(BillPaid{id, id, "Coffee", {}, 1});
            product.add(ProductEdited{id, "Tea", Won{5}});
            product.add(ProductSold{id, id});
            payment.add(payment::PaymentCompleted{"market-" + key, "A", {}, {}});
            saga.step<payment::PaymentCompleted>(Completed{id, id, attempt.attempt});
        }
        if (cancelled) {
            reservation.add(ReservationCancelled{id, id, "Coffee", {}, CancelReason::expired});
            product.add(ProductReleased{id, id});
            if (paid) bill.add(BillRefunded{id, wish.price});
            if (!paid) bill.add(BillCancelled{id});
            saga.step<ReservationCancelled>(Compensated{id});
        }
        collect(streams, product, reservation, bill, payment, saga);
    }
    return streams;
}

const StreamsOf streams{"market", &make_streams};

}  // namespace

}  // namespace yeyak::tests
