#include "tests/aggregates/phoneshop_world.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregates/engine/saga_step.h"
#include "kernel/ensure.h"

namespace yeyak::tests::phones {

using namespace phoneshop;

namespace {

void install_shop(Engine& engine) {
    payment::install(engine, ContextsByPrefix{{{"phoneshop-", "pay"}}});
    phoneshop::install(engine);
}

}  // namespace

Shop::Shop() : World(nullptr, &install_shop) {}

World::AnswerPtr Shop::submit_decision(std::move_only_function<Verdict(Unit&)> decide) {
    CommandWork request;
    request.cause = {"request-1", "request-1", "customer"};
    request.decide = std::move(decide);
    return submit(std::move(request));
}

World::AnswerPtr Shop::submit_order() {
    return submit_decision([this](Unit& unit) {
        auto verdict = place_order(unit, placed(0));
        if (verdict.ok()) ++orders_;
        return verdict;
    });
}

World::AnswerPtr Shop::submit_cancel_of(std::int64_t id) {
    return submit_decision([id](Unit& unit) {
        return unit.execute<OrderContract>(std::to_string(id), CancelOrder{id});
    });
}

World::AnswerPtr Shop::submit_receive(std::int64_t id) {
    return submit_decision([id](Unit& unit) { return receive_order(unit, id); });
}

World::AnswerPtr Shop::submit_operator(std::int64_t id, SagaOrder order) {
    return submit_decision(
        [=](Unit& unit) { return unit.operate(Sale::category, std::to_string(id), order); });
}

void Shop::submit_all_up() {
    for (const auto* context : {"app", "pay", "store"}) submit_context(context, ContextState::up);
}

Reply Shop::now_asked(const AnswerPtr& answer) {
    run_batch();
    ensure(answer->given, "every request of a batch is answered");
    return answer->reply;
}

std::string Shop::saga_of(std::int64_t id) const {
    const auto steps = stream(stream_of(Sale::category, std::to_string(id)));
    return steps.empty() ? "none" : saga_summary(steps.back()->data.payload)->state;
}

std::int64_t Shop::kept(std::int64_t id) const {
    const auto account = provider.account(stream_of("payment.payment", payment_of(id)));
    return account.captured - account.refunded;
}

std::string Shop::outcome(std::int64_t id) const {
    const auto number = std::to_string(id);
    return fmt::format("{}: order {}, store {}, kept {}", saga_of(id), state<Order>(number).index(),
                       state<StoreOrder>(number).index(), kept(id));
}

std::string Shop::outcomes() const {
    std::string all;
    for (std::int64_t id = 1; id <= orders_; ++id) all += outcome(id) + "\n";
    return all;
}

std::string Shop::wrong() const {
    if (!quiet()) return "something is still owed";
    for (std::int64_t id = 1; id <= orders_; ++id)
        if (auto text = wrong(id); !text.empty())
            return fmt::format("order {} ({}): {}", id, outcome(id), text);
    return wrong_so_far();
}

std::string Shop::wrong(std::int64_t id) const {
    const auto number = std::to_string(id);
    const auto saga = saga_of(id);
    const auto order = state<Order>(number);
    const auto store_order = state<StoreOrder>(number);
    const auto paid = state<payment::Payment>(payment_of(id));
    ++seen()[saga];
    if (saga == "completed") {
        if (!std::holds_alternative<Shipped>(order)) return "the order has not shipped";
        if (!std::holds_alternative<HandedOver>(store_order)) return "the store has not shipped";
        if (!std::holds_alternative<payment::Captured>(paid)) return "it is not paid";
        return kept(id) == price.amount ? "" : "the money is not that of the order";
    }
    if (saga != "compensated") return "the saga is stuck";
    if (kept(id) != 0) return "money was kept";
    if (std::holds_alternative<payment::Open>(paid) ||
        std::holds_alternative<payment::Captured>(paid) ||
        std::holds_alternative<payment::Refunding>(paid))
        return "the payment lives";
    if (const auto* cancelled = std::get_if<Cancelled>(&order)) {
        if (!cancelled->pay_cancelled) return "the order does not know that it is refunded";
    } else if (!std::holds_alternative<Rejected>(order)) {
        return "the order lives";
    }
    if (!std::holds_alternative<NotReceived>(store_order) &&
        !std::holds_alternative<Stopped>(store_order))
        return "the store goes on";
    return "";
}

std::string Shop::wrong_so_far() const {
    for (std::int64_t id = 1; id <= orders_; ++id) {
        const auto number = std::to_string(id);
        std::map<std::string, eventstore::Position> first;
        for (const auto& name :
             {stream_of(Order::category, number), stream_of(StoreOrder::category, number),
              stream_of("payment.payment", payment_of(id))})
            for (const auto& event : stream(name)) first.emplace(event->data.type, event->position);
        const auto before = [&](std::string_view cause, std::string_view effect) {
            const auto at = first.find(std::string{effect});
            if (at == first.end()) return true;
            const auto why = first.find(std::string{cause});
            return why != first.end() && why->second < at->second;
        };
        const auto both = [&](std::string_view a, std::string_view b) {
            return first.contains(std::string{a}) && first.contains(std::string{b});
        };
        const bool fine = before(OrderPlaced::type, payment::PaymentRequested::type) &&
                          before(payment::PaymentCompleted::type, OrderPaid::type) &&
                          before(payment::PaymentCompleted::type, OrderReceived::type) &&
                          before(OrderPaid::type, OrderShipped::type) &&
                          before(OrderShipped::type, ParcelShipped::type) &&
                          !both(OrderShipped::type, OrderCancelled::type) &&
                          !both(ParcelShipped::type, StoreOrderStopped::type);
        if (!fine) return fmt::format("order {}: its events are in no good order", id);
    }
    return "";
}

}  // namespace yeyak::tests::phones
