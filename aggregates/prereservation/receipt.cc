#include "aggregates/prereservation/receipt.h"

#include "kernel/match.h"

namespace yeyak::prereservation {

ReceiptIssued ReceiptIssued::upcast(const ReceiptIssuedV1& old) {
    return {old.id,
            old.pre_reservation_id,
            old.pre_reservation_id,
            old.user_id,
            old.product_id,
            old.product_name,
            old.price,
            old.paid_on + default_delivery_days};
}

Decision<ReceiptEvent, ReceiptRejection> Receipt::decide(const State& state,
                                                         const Command& command) {
    return match(state, command)(
        [](const NoReceipt&, const IssueReceipt& c) { return accept(c.receipt); },
        [](const NoReceipt&, const CancelReceipt& c) {
            return accept(ReceiptCancelled{c.id, c.id});
        },
        [](const Issued& s, const IssueReceipt& c) {
            return s.receipt == c.receipt ? unchanged() : refuse(Rejection::receipt_exists);
        },
        [](const Issued& s, const CancelReceipt& c) {
            return accept(ReceiptCancelled{c.id, s.receipt.pre_reservation_id});
        },
        [](const Withdrawn&, const IssueReceipt&) { return refuse(Rejection::receipt_withdrawn); },
        [](const Withdrawn&, const CancelReceipt&) { return unchanged(); });
}

ReceiptState Receipt::evolve(const State&, const Event& event) {
    return match<State>(event)([](const ReceiptIssued& e) { return Issued{e}; },
                               [](const ReceiptCancelled&) { return Withdrawn{}; });
}

}  // namespace yeyak::prereservation
