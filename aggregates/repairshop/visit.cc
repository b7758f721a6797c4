#include "aggregates/repairshop/visit.h"

#include "kernel/match.h"

namespace yeyak::repairshop {
namespace {

using Step = Visit::Step;

template <class S>
concept Begun = requires(const S& state) { state.visit; };

Step nothing(const VisitState& state) { return {.next = state, .nothing = true}; }

Send to_receipt(std::int64_t id, IntakeCommand command) {
    return send<IntakeContract>(std::to_string(id), std::move(command));
}
Send to_repair(std::int64_t id, RepairCommand command) {
    return send<RepairContract>(std::to_string(id), std::move(command));
}
Send request_payment(const VisitParts& v, Delivery delivery) {
    const auto order = name_of({v.id, v.paying});
    return send<payment::Contract>(
        order, payment::RequestPayment{{order, v.id, v.pay_amt, {}, {}, 0, 0, v.vehi_no.text()}},
        delivery);
}
Send start_delivery(const VisitParts& v) {
    return send<DeliveryContract>(std::to_string(v.id), StartDelivery{v.id, v.vehi_no});
}

VisitParts taken_in(std::int64_t id, Sealed vehi_no, RepairStat repair) {
    VisitParts visit;
    visit.id = id;
    visit.vehi_no = std::move(vehi_no);
    visit.repair = repair;
    return visit;
}

// What the platform still owes the visit. A payment that is asked for again waits for its desk: it
// may be open there, and a refusal would say that no money moves.
std::vector<Send> under_way(const VisitParts& v) {
    std::vector<Send> sends;
    if (v.repair == RepairStat::repair_requested)
        sends.push_back(to_repair(v.id, RegisterRepair{v.id, v.vehi_no}));
    if (v.cancelling) sends.push_back(to_repair(v.id, CancelRepair{v.id}));
    if (v.paying > 0) sends.push_back(request_payment(v, Delivery::when_up));
    if (v.delivery == DeliveryStat::delivery_requested) sends.push_back(start_delivery(v));
    return sends;
}

VisitState all_in_all(VisitParts v) {
    if (!under_way(v).empty()) return Working{std::move(v)};
    if (v.delivery == DeliveryStat::delivery_started) return Completed{std::move(v)};
    if (v.repair == RepairStat::repair_rejected) return Completed{std::move(v)};
    if (v.repair == RepairStat::repair_cancelled) return Compensated{std::move(v)};
    return Waiting{std::move(v)};
}

Step step(VisitParts v, Send sent) {
    Step next{.next = all_in_all(std::move(v))};
    next.sends.push_back(std::move(sent));
    return next;
}

Step follow(const auto& s, RepairStat repair, std::optional<Won> amount = {}) {
    if (is_over(s.visit.repair) || s.visit.repair >= repair) return nothing(s);
    auto v = s.visit;
    v.repair = repair;
    v.cancelling = v.cancelling && !is_over(repair);
    return step(v, to_receipt(v.id, FollowRepair{v.id, repair, amount}));
}

Step paid(const auto& s, const payment::PaymentCompleted& e) {
    auto v = s.visit;
    if (e.order != name_of({v.id, v.paying})) return nothing(s);
    const RecordPayment record{v.id, std::exchange(v.paying, 0), e.approval_no};
    return step(v, to_receipt(v.id, record));
}

Step not_paid(const auto& s, const std::string& order, PaymentFailure why) {
    auto v = s.visit;
    if (order != name_of({v.id, v.paying})) return nothing(s);
    const FailPayment record{v.id, std::exchange(v.paying, 0), why};
    return step(v, to_receipt(v.id, record));
}

// A payment that was asked for at a stopped desk never began. A cancel is refused when the repair
// has just come to another end, which will be heard of.
Step refused(const auto& s, const Refused& e) {
    auto v = s.visit;
    const bool no_desk =
        e.command == payment::RequestPayment::type && e.ended == Ended::context_down;
    if (v.paying > 0 && no_desk)
        return not_paid(s, name_of({v.id, v.paying}), PaymentFailure::payment_unavailable);
    if (!v.cancelling || e.command != CancelRepair::type) return nothing(s);
    v.cancelling = false;
    return {.next = all_in_all(v)};
}

}  // namespace

Step Visit::react(const State& state, const Input& input, Instant) {
    return match<Step>(state, input)(
        [](const NotBegun&, const Received& e) {
            return step(taken_in(e.id, e.vehi_no, RepairStat::repair_requested),
                        to_repair(e.id, RegisterRepair{e.id, e.vehi_no}));
        },
        [](const NotBegun&, const IntakeImported& e) {
            return Step{.next = all_in_all(taken_in(e.id, e.vehi_no, RepairStat::repaired))};
        },
        [](const NotBegun& s, const auto&) { return nothing(s); },

        [](const Begun auto& s, const RepairReceived&) {
            return follow(s, RepairStat::repair_received);
        },
        [](const Begun auto& s, const RepairCompleted& e) {
            return follow(s, RepairStat::repaired, e.repair_amt);
        },
        [](const Begun auto& s, const RepairRejected&) {
            return follow(s, RepairStat::repair_rejected);
        },
        [](const Begun auto& s, const RepairCancelled&) {
            return follow(s, RepairStat::repair_cancelled);
        },
        [](const Begun auto& s, const RepairCancelRequested&) {
            auto v = s.visit;
            if (is_over(v.repair) || v.cancelling) return nothing(s);
            v.cancelling = true;
            return step(v, to_repair(v.id, CancelRepair{v.id}));
        },

        [](const Begun auto& s, const PaymentRequested& e) {
            auto v = s.visit;
            if (v.paying > 0) return nothing(s);
            v.paying = e.attempt;
            v.pay_amt = e.pay_amt;
            return step(v, request_payment(v, Delivery::now));
        },
        [](const Begun auto& s, const payment::PaymentCompleted& e) { return paid(s, e); },
        [](const Begun auto& s, const payment::PaymentDeclined& e) {
            return not_paid(s, e.order, PaymentFailure::payment_declined);
        },
        [](const Begun auto& s, const payment::PaymentFailed& e) {
            return not_paid(s, e.order, PaymentFailure::payment_unavailable);
        },
        [](const Begun auto& s, const Refused& e) { return refused(s, e); },

        [](const Begun auto& s, const DeliveryRequested&) {
            auto v = s.visit;
            if (v.delivery != DeliveryStat::none) return nothing(s);
            v.delivery = DeliveryStat::delivery_requested;
            return step(v, start_delivery(v));
        },
        [](const Begun auto& s, const DeliveryStarted&) {
            auto v = s.visit;
            if (v.delivery == DeliveryStat::delivery_started) return nothing(s);
            v.delivery = DeliveryStat::delivery_started;
            return step(v, to_receipt(v.id, FollowDelivery{v.id}));
        },

        [](const Begun auto& s, const auto&) { return nothing(s); });
}

bool Visit::ended(const State& state) {
    return std::holds_alternative<Completed>(state) || std::holds_alternative<Compensated>(state);
}

std::vector<Send> Visit::retry(const State& state) {
    return match(state)([](const NotBegun&) { return std::vector<Send>{}; },
                        [](const Begun auto& s) { return under_way(s.visit); });
}

// The receipt decides: it says so itself when it is cancelled, and the repair is cancelled then.
Step Visit::compensate(const State& state, Instant) {
    return match<Step>(state)(
        [](const NotBegun& s) { return nothing(s); },
        [](const Begun auto& s) {
            const auto& v = s.visit;
            if (is_over(v.repair) || v.cancelling || v.delivery != DeliveryStat::none)
                return nothing(s);
            return step(v, to_receipt(v.id, RequestRepairCancel{v.id}));
        });
}

}  // namespace yeyak::repairshop
