#include "replay-tools/audit/systems/phoneshop.h"

#include <fmt/format.h>

#include <map>

#include "aggregates/payment/contract.h"
#include "aggregates/phoneshop/sale.h"
#include "kernel/match.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

using namespace phoneshop;

std::optional<OrderNews> phoneshop_news(const eventstore::RecordedEvent& recorded) {
    using State = OrderNews::State;
    const auto event = decode_event<OrderEvent>(recorded.data.type, recorded.data.payload);
    if (!event) return std::nullopt;
    const auto news = [](std::int64_t id, State state, std::optional<std::int64_t> price = {}) {
        return OrderNews{payment_of(id), state, price};
    };
    return match<std::optional<OrderNews>>(*event)(
        [&](const OrderPlaced& e) { return news(e.id, State::open, e.price.amount); },
        [&](const OrderPaid& e) { return news(e.id, State::live); },
        [&](const OrderShipped& e) { return news(e.id, State::live); },
        [&](const auto& e) { return news(e.id, State::cancelled); });
}

// Each step of a sale has the one that must come before it: nothing is paid or sent that was not
// ordered, nothing ships that was not paid, and nothing that was cancelled ships.
class PhoneOrders final : public Check {
  public:
    PhoneOrders() : Check("phones ship when they are paid") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records)
            if (record.event) look(*record.event);
    }

  private:
    struct Steps {
        bool placed = false;
        bool captured = false;
        bool paid = false;
        bool shipped = false;
        bool cancelled = false;
    };

    void look(const eventstore::RecordedEvent& event) {
        const auto category = eventstore::category_of(event.stream);
        if (category == OrderContract::category)
            decoded<OrderEvent>(event, [&](const auto& e) { step(event, steps_[e.id], e); });
        if (category == StoreOrderContract::category)
            decoded<StoreOrderEvent>(event, [&](const auto& e) { step(event, steps_[e.id], e); });
        if (category == payment::Contract::category)
            decoded<payment::Event>(event, [&](const auto& e) {
                if (const auto id = order_of_payment(e.order)) step(event, steps_[*id], e);
            });
    }

    template <class Event, class Use>
    void decoded(const eventstore::RecordedEvent& recorded, Use use) {
        const auto event = decode_event<Event>(recorded.data.type, recorded.data.payload);
        if (event) std::visit(use, *event);  // otherwise found by "events decode"
    }

    void need(const eventstore::RecordedEvent& event, bool fine, std::string expected) {
        if (!fine) fail(at(event, event.data.type, std::move(expected)));
    }

    void step(const eventstore::RecordedEvent&, Steps& s, const OrderPlaced&) {
        s.placed = true;
        counted();
    }
    void step(const eventstore::RecordedEvent& at, Steps& s, const OrderPaid&) {
        need(at, s.captured, "the payment of the order before");
        s.paid = true;
    }
    void step(const eventstore::RecordedEvent& at, Steps& s, const OrderShipped&) {
        need(at, s.paid && !s.cancelled, "an order that is paid and not cancelled");
        s.shipped = true;
    }
    void step(const eventstore::RecordedEvent& at, Steps& s, const OrderCancelled&) {
        need(at, !s.shipped, "an order that has not shipped");
        s.cancelled = true;
    }
    void step(const eventstore::RecordedEvent& at, Steps& s, const payment::PaymentRequested&) {
        need(at, s.placed, "the order before");
    }
    void step(const eventstore::RecordedEvent&, Steps& s, const payment::PaymentCompleted&) {
        s.captured = true;
    }
    void step(const eventstore::RecordedEvent& at, Steps& s, const OrderReceived&) {
        need(at, s.captured, "the payment of the order before");
    }
    void step(const eventstore::RecordedEvent& at, Steps& s, const ParcelShipped&) {
        need(at, s.shipped, "the order's word that it ships");
    }
    template <class Event>
    void step(const eventstore::RecordedEvent&, Steps&, const Event&) {}

    std::map<std::int64_t, Steps> steps_;
};

CheckPtr phone_orders() { return std::make_unique<PhoneOrders>(); }

}  // namespace

AuditedSystem phoneshop_system() {
    return {.name = "phoneshop",
            .categories = {category<OrderContract>(), category<StoreOrderContract>()},
            .sagas = {saga<Sale>()},
            .orders = {{OrderContract::category, phoneshop_news}},
            .invariants = {&phone_orders}};
}

}  // namespace yeyak::tools
