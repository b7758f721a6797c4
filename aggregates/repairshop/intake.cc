#include "aggregates/repairshop/intake.h"

#include "kernel/match.h"
#include "kernel/order_name.h"

namespace yeyak::repairshop {
namespace {

using Decided = Decision<IntakeEvent, IntakeRejection>;

// The repair or its request came to nothing, or will.
std::optional<IntakeRejection> gone(const Taken& s) {
    if (s.repair == RepairStat::repair_rejected) return IntakeRejection::receipt_rejected;
    if (s.repair == RepairStat::repair_cancelled || s.cancelling)
        return IntakeRejection::receipt_cancelled;
    return std::nullopt;
}

Decided request_cancel(const Taken& s, const RequestRepairCancel& c) {
    if (s.repair == RepairStat::repair_rejected)
        return Intake::refuse(IntakeRejection::receipt_rejected);
    if (gone(s)) return Intake::unchanged();
    if (is_over(s.repair) || s.delivery != DeliveryStat::none)
        return Intake::refuse(IntakeRejection::cancel_too_late);
    return Intake::accept(RepairCancelRequested{c.id});
}

Decided request_payment(const Taken& s, const RequestPayment& c) {
    if (s.payment != PaymentStat::none)
        return s.pay_amt == c.pay_amt ? Intake::unchanged()
                                      : Intake::refuse(IntakeRejection::receipt_paid);
    if (const auto why = gone(s)) return Intake::refuse(*why);
    if (s.repair != RepairStat::repaired)
        return Intake::refuse(IntakeRejection::repair_not_completed);
    if (s.repair_amt != c.pay_amt) return Intake::refuse(IntakeRejection::pay_amount_differs);
    auto next = s;
    next.payment = PaymentStat::requested;
    return Intake::accept(PaymentRequested{c.id, s.attempt + 1, c.pay_amt, stat_of(next)});
}

Decided request_delivery(const Taken& s, const RequestDelivery& c) {
    if (s.delivery != DeliveryStat::none) return Intake::unchanged();
    if (const auto why = gone(s)) return Intake::refuse(*why);
    if (c.requires_payment && s.payment != PaymentStat::paid)
        return Intake::refuse(IntakeRejection::receipt_not_paid);
    return Intake::accept(DeliveryRequested{c.id, s.vehi_no});
}

Decided follow_repair(const Taken& s, const FollowRepair& c) {
    if (is_over(s.repair) || s.repair >= c.repair) return Intake::unchanged();
    auto next = s;
    next.repair = c.repair;
    next.cancelling = s.cancelling && !is_over(c.repair);
    return Intake::accept(IntakeFollowedRepair{c.id, c.repair, c.repair_amt, stat_of(next)});
}

bool is_open(const Taken& s, std::int64_t attempt) {
    return s.payment == PaymentStat::requested && s.attempt == attempt;
}

Decided record_payment(const Taken& s, const RecordPayment& c) {
    if (!is_open(s, c.attempt)) return Intake::unchanged();
    auto next = s;
    next.payment = PaymentStat::paid;
    return Intake::accept(
        IntakePaid{c.id, c.attempt, s.pay_amt.value_or(Won{}), c.approval_no, stat_of(next)});
}

Decided fail_payment(const Taken& s, const FailPayment& c) {
    if (!is_open(s, c.attempt)) return Intake::unchanged();
    auto next = s;
    next.payment = PaymentStat::none;
    return Intake::accept(IntakePaymentFailed{c.id, c.attempt, c.reason, stat_of(next)});
}

Decided follow_delivery(const Taken& s, const FollowDelivery& c) {
    if (s.delivery == DeliveryStat::delivery_started) return Intake::unchanged();
    return Intake::accept(IntakeFollowedDelivery{c.id});
}

// The same request again, or another one under a number that is taken.
Decided taken_before(const Taken& s, const Sealed& vehi_no) {
    return s.vehi_no == vehi_no ? Intake::unchanged()
                                : Intake::refuse(IntakeRejection::receipt_exists);
}

}  // namespace

std::string name_of(PaymentOrder order) {
    return order_name("repairshop", {order.receipt, order.attempt});
}

std::optional<PaymentOrder> payment_order(std::string_view name) {
    const auto parsed = parse_order_name("repairshop", name);
    if (!parsed) return std::nullopt;
    return PaymentOrder{parsed->id, parsed->attempt};
}

std::string wire_name(std::string_view name) {
    if (name == "repair_requested") return "REPAIRREQUEST";
    std::string text;
    for (const char c : name)
        if (c != '_') text += static_cast<char>(c - 'a' + 'A');
    return text;
}

IntakeStat stat_of(const Taken& receipt) {
    using enum IntakeStat;
    if (receipt.delivery == DeliveryStat::delivery_started) return delivery_started;
    if (receipt.delivery == DeliveryStat::delivery_requested) return delivery_requested;
    if (receipt.payment == PaymentStat::paid) return paid;
    if (receipt.payment == PaymentStat::requested) return payment_requested;
    if (receipt.cancelling) return cancel_requested;
    switch (receipt.repair) {
        case RepairStat::repair_requested:
            return repair_requested;
        case RepairStat::repair_received:
            return repair_received;
        case RepairStat::repaired:
            return repaired;
        case RepairStat::repair_rejected:
            return repair_rejected;
        case RepairStat::repair_cancelled:
            break;
    }
    return cancelled;
}

Decision<IntakeEvent, IntakeRejection> Intake::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const NoIntake&, const RegisterIntake& c) { return accept(Received{c.id, c.vehi_no}); },
        [](const NoIntake&, const ImportIntake& c) {
            return accept(IntakeImported{c.id, c.vehi_no}, DeliveryRequested{c.id, c.vehi_no});
        },
        [](const NoIntake&, const auto&) { return refuse(Rejection::receipt_not_found); },

        [](const Taken& s, const RegisterIntake& c) { return taken_before(s, c.vehi_no); },
        [](const Taken& s, const ImportIntake& c) { return taken_before(s, c.vehi_no); },
        [](const Taken& s, const RequestRepairCancel& c) { return request_cancel(s, c); },
        [](const Taken& s, const RequestPayment& c) { return request_payment(s, c); },
        [](const Taken& s, const RequestDelivery& c) { return request_delivery(s, c); },
        [](const Taken& s, const FollowRepair& c) { return follow_repair(s, c); },
        [](const Taken& s, const RecordPayment& c) { return record_payment(s, c); },
        [](const Taken& s, const FailPayment& c) { return fail_payment(s, c); },
        [](const Taken& s, const FollowDelivery& c) { return follow_delivery(s, c); });
}

IntakeState Intake::evolve(const State& state, const Event& event) {
    const auto* known = std::get_if<Taken>(&state);
    Taken next = known ? *known : Taken{};
    match(event)(
        [&](const Received& e) { next.vehi_no = e.vehi_no; },
        [&](const IntakeImported& e) {
            next.vehi_no = e.vehi_no;
            next.repair = RepairStat::repaired;
            next.payment = PaymentStat::paid;
        },
        [&](const IntakeFollowedRepair& e) {
            next.repair = e.repair;
            next.repair_amt = e.repair_amt;
            next.cancelling = next.cancelling && !is_over(e.repair);
        },
        [&](const RepairCancelRequested&) { next.cancelling = true; },
        [&](const PaymentRequested& e) {
            next.payment = PaymentStat::requested;
            next.attempt = e.attempt;
            next.pay_amt = e.pay_amt;
        },
        [&](const IntakePaid&) { next.payment = PaymentStat::paid; },
        [&](const IntakePaymentFailed&) {
            next.payment = PaymentStat::none;
            next.pay_amt.reset();
        },
        [&](const DeliveryRequested&) { next.delivery = DeliveryStat::delivery_requested; },
        [&](const IntakeFollowedDelivery&) { next.delivery = DeliveryStat::delivery_started; });
    return next;
}

}  // namespace yeyak::repairshop
