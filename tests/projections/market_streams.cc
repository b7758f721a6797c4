#include "aggregates/market/bill_contract.h"
#include "aggregates/market/product_contract.h"
#include "aggregates/market/reservation_contract.h"
#include "tests/aggregates/market_samples.h"
#include "tests/projections/logs.h"

namespace yeyak::tests {

using namespace market;

std::vector<Log> some_market_streams(std::mt19937_64& random, int reservations) {
    std::vector<Log> streams;
    for (std::int64_t id = 1; id <= reservations; ++id) {
        const auto fate = random() % 6;
        const auto key = std::to_string(id);
        const auto begin = static_cast<std::int64_t>(random() % 100'000'000);
        const bool paid = fate >= 2;
        const bool cancelled = fate == 1 || fate >= 4;
        Stream product{"market.product-" + key, begin};
        Stream reservation{"market.reservation-" + key, begin};
        Stream bill{"market.bill-" + key, begin};
        Stream payment{"payment.payment-market-" + key, begin};
        auto offer = coffee(id);
        if (fate % 2 == 0) offer.seller_id.reset();
        product.add(ProductEvent{offer});
        product.add(ProductEvent{ProductReserved{id, id}});
        auto wish = coffee_reserved(id);
        wish.product_id = id;
        wish.customer_id = static_cast<std::int64_t>(random() % 3);
        if (*wish.customer_id == 0) wish.customer_id.reset();
        reservation.add(ReservationEvent{wish});
        bill.add(BillEvent{
            BillIssued{id, id, wish.product_name, wish.price, wish.customer_id, wish.expires_at}});
        if (fate == 3) {  // a first attempt that was declined
            bill.add(BillEvent{BillPaymentRequested{id, 1, "", ""}});
            bill.add(BillEvent{BillReopened{id, 1}});
        }
        if (paid) {
            bill.add(BillEvent{BillPaymentRequested{id, 1 + (fate == 3 ? 1 : 0), "", ""}});
            bill.add(BillEvent{BillPaid{id, id, "Coffee", {}, 1}});
            product.add(ProductEvent{ProductEdited{id, "Tea", Won{5}}});
            product.add(ProductEvent{ProductSold{id, id}});
            payment.add(payment::Event{payment::PaymentCompleted{"market-" + key, "A", {}, {}}});
        }
        if (cancelled) {
            reservation.add(ReservationEvent{
                ReservationCancelled{id, id, "Coffee", {}, CancelReason::expired}});
            product.add(ProductEvent{ProductReleased{id, id}});
            if (paid) bill.add(BillEvent{BillRefunded{id, wish.price}});
            if (!paid) bill.add(BillEvent{BillCancelled{id}});
        }
        for (auto* stream : {&product, &reservation, &bill, &payment})
            if (!stream->log.empty()) streams.push_back(std::move(stream->log));
    }
    return streams;
}

}  // namespace yeyak::tests
