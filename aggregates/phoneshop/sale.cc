#include "aggregates/phoneshop/sale.h"

#include "kernel/match.h"

namespace yeyak::phoneshop {
namespace {

using payment::PaymentCancelled;
using payment::PaymentCompleted;
using payment::PaymentDeclined;
using payment::PaymentFailed;
using payment::PaymentOutcomeUnknown;
using Step = Sale::Step;

Step nothing(const SaleState& state) { return Step{.next = state, .nothing = true}; }

Send request_payment(const OrderPlaced& o) {
    const auto name = payment_of(o.id);
    return send<payment::Contract>(
        name, payment::RequestPayment{{name, o.id, o.price, o.card_token, o.card_no, 0, 0, o.item}},
        Delivery::now);
}

Send cancel_payment(std::int64_t id, std::string reason) {
    const auto name = payment_of(id);
    return send<payment::Contract>(name, payment::CancelPayment{name, std::move(reason)});
}

template <class Command>
Send to_order(const Command& command) {
    return send<OrderContract>(std::to_string(command.id), command);
}

Send receive(const OrderPlaced& o, Instant paid_at) {
    return send<StoreOrderContract>(std::to_string(o.id), ReceiveOrder{received(o, paid_at)});
}

Send ship_parcel(std::int64_t id) {
    return send<StoreOrderContract>(std::to_string(id), ShipParcel{id});
}

Send stop_store(std::int64_t id) {
    return send<StoreOrderContract>(std::to_string(id), StopStoreOrder{id});
}

Step rejected(const Paying& s, RejectReason reason) {
    return {.next = Compensated{s.order.id, false},
            .sends = {to_order(RejectOrder{s.order.id, reason})}};
}

Step undo_payment(std::int64_t id) {
    return {.next = Compensating{id, true, false}, .sends = {cancel_payment(id, "user_request")}};
}

// Compensation is over when everything that was open is closed.
SaleState undoing(Compensating s) {
    if (!s.payment_open && !s.store_open) return Compensated{s.id, true};
    return s;
}

}  // namespace

OrderReceived received(const OrderPlaced& o, Instant paid_at) {
    return {o.id, o.item, o.qty, o.store, o.address, o.price, paid_at + o.shipping_delay_ms};
}

Sale::Step Sale::react(const State& state, const Input& input, Instant) {
    return match<Step>(state, input)(
        [](const NotBegun&, const OrderPlaced& e) {
            return Step{.next = Paying{e}, .sends = {request_payment(e)}};
        },

        [](const Paying& s, const PaymentCompleted& e) {
            return Step{.next = Storing{s.order, e.paid_at},
                        .sends = {to_order(ConfirmPayment{s.order.id, e.paid_at}),
                                  receive(s.order, e.paid_at)}};
        },
        [](const Paying& s, const PaymentDeclined&) {
            return rejected(s, RejectReason::payment_declined);
        },
        [](const Paying& s, const PaymentFailed&) {
            return rejected(s, RejectReason::payment_unavailable);
        },
        [](const Paying& s, const Refused& e) {
            if (e.command != payment::RequestPayment::type) return nothing(s);
            return rejected(s, RejectReason::payment_unavailable);
        },
        [](const Paying& s, const PaymentOutcomeUnknown&) {
            const auto id = s.order.id;
            return Step{.next = Compensating{id, true, false},
                        .sends = {to_order(RejectOrder{id, RejectReason::payment_timeout}),
                                  cancel_payment(id, "payment_timeout")}};
        },
        [](const Paying&, const OrderCancelled& e) { return undo_payment(e.id); },

        [](const Storing& s, const ParcelPacked& e) {
            return Step{.next = s, .sends = {to_order(ShipOrder{e.id})}};
        },
        [](const Storing&, const OrderShipped& e) {
            return Step{.next = Shipping{e.id}, .sends = {ship_parcel(e.id)}};
        },
        [](const Storing&, const OrderCancelled& e) {
            return Step{.next = Compensating{e.id, true, true},
                        .sends = {cancel_payment(e.id, "user_request"), stop_store(e.id)}};
        },

        [](const Shipping& s, const ParcelShipped&) { return Step{.next = Completed{s.id}}; },

        [](const Compensating& s, const PaymentCancelled&) {
            return Step{.next = undoing({s.id, false, s.store_open}),
                        .sends = {to_order(ConfirmPayCancelled{s.id})}};
        },
        [](const Compensating& s, const StoreOrderStopped&) {
            return Step{.next = undoing({s.id, s.payment_open, false})};
        },

        [](const Compensated& s, const OrderCancelled&) {
            return s.payment_cancelled ? nothing(s) : undo_payment(s.id);
        },

        [](const auto& s, const auto&) { return nothing(s); });
}

std::vector<Send> Sale::retry(const State& state) {
    return match<std::vector<Send>>(state)(
        [](const Storing& s) {
            return std::vector{to_order(ConfirmPayment{s.order.id, s.paid_at}),
                               receive(s.order, s.paid_at)};
        },
        [](const Shipping& s) { return std::vector{ship_parcel(s.id)}; },
        [](const Compensating& s) {
            std::vector<Send> sends;
            if (s.payment_open) sends.push_back(cancel_payment(s.id, "operator"));
            if (s.store_open) sends.push_back(stop_store(s.id));
            return sends;
        },
        [](const auto&) { return std::vector<Send>{}; });
}

Sale::Step Sale::compensate(const State& state, Instant) {
    const auto ask = [&](std::int64_t id) {
        return Step{.next = state, .sends = {to_order(CancelOrder{id})}};
    };
    return match<Step>(state)([&](const Paying& s) { return ask(s.order.id); },
                              [&](const Storing& s) { return ask(s.order.id); },
                              [](const auto& s) { return nothing(s); });
}

bool Sale::ended(const State& state) {
    return std::holds_alternative<Completed>(state) || std::holds_alternative<Compensated>(state);
}

}  // namespace yeyak::phoneshop
