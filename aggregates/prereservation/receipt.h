// One receipt:  (nothing) ─▶ Issued ─▶ Withdrawn
//                   └─────────────────────▲
#pragma once
#include "aggregates/prereservation/receipt_contract.h"
#include "kernel/decider.h"

namespace yeyak::prereservation {

struct NoReceipt {};
struct Issued {
    ReceiptIssued receipt;
};
struct Withdrawn {};
using ReceiptState = std::variant<NoReceipt, Issued, Withdrawn>;

enum class ReceiptRejection { receipt_exists, receipt_withdrawn };
BOOST_DESCRIBE_ENUM(ReceiptRejection, receipt_exists, receipt_withdrawn)

struct Receipt : ReceiptContract, Answers<ReceiptEvent, ReceiptRejection> {
    using State = ReceiptState;
    using Command = ReceiptCommand;
    using Event = ReceiptEvent;
    using Rejection = ReceiptRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Receipt>);

}  // namespace yeyak::prereservation
