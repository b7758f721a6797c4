#include "tests/aggregates/market_world.h"

#include <fmt/format.h>

#include <set>

#include "aggregates/engine/saga_step.h"
#include "aggregates/market/system.h"
#include "aggregates/notification/system.h"
#include "aggregates/payment/system.h"
#include "kernel/ensure.h"
#include "kernel/match.h"
#include "tests/kept.h"

namespace yeyak::tests {

using namespace market;

namespace {

void install_market(Engine& engine) {
    payment::install(engine, ContextsByPrefix{{{"market-", "market.payment"}}});
    market::install(engine);
    notification::install(engine);
}

}  // namespace

MarketWorld::MarketWorld() : World(nullptr, &install_market) {}

World::AnswerPtr MarketWorld::submit_command(std::function<Verdict(Unit&)> decide) {
    CommandWork request;
    request.cause = {"request-1", "request-1", "user:1"};
    request.decide = std::move(decide);
    return submit(std::move(request));
}
World::AnswerPtr MarketWorld::submit_register(std::int64_t price) {
    return submit_command([price](Unit& unit) {
        auto product = coffee(0);
        product.price = Won{price};
        return market::register_product(unit, product);
    });
}
World::AnswerPtr MarketWorld::submit_reserve(std::int64_t product) {
    return submit_command([product](Unit& unit) {
        return market::reserve(unit, {product, 1, closing.ms - opening.ms});
    });
}
World::AnswerPtr MarketWorld::submit_cancel(std::int64_t reservation) {
    return submit_command(
        [reservation](Unit& unit) { return market::cancel_reservation(unit, reservation); });
}
World::AnswerPtr MarketWorld::submit_pay(std::int64_t reservation) {
    return submit_command([reservation](Unit& unit) {
        return market::pay(unit, reservation, tests::sealed("1234-1234-****-1234"),
                           tests::card_token("tok-1"));
    });
}

std::string MarketWorld::code_of(const AnswerPtr& answer) {
    run_batch();
    ensure(answer->given, "every request of a batch is answered");
    return answer->reply.code();
}
std::string MarketWorld::sell(std::int64_t price) { return code_of(submit_register(price)); }
std::string MarketWorld::reserve(std::int64_t product) { return code_of(submit_reserve(product)); }
std::string MarketWorld::cancel(std::int64_t id) { return code_of(submit_cancel(id)); }
std::string MarketWorld::pay(std::int64_t id) { return code_of(submit_pay(id)); }

std::vector<std::string> MarketWorld::news() {
    auto all = types(std::exchange(read_, store->head()));
    std::erase_if(all, [](const auto& type) { return type.starts_with("notification_"); });
    return all;
}
std::string MarketWorld::product(std::int64_t id) const {
    return match<std::string>(state<Product>(std::to_string(id)))(
        [](const NoProduct&) { return "none"; }, [](const Available&) { return "01"; },
        [](const Pending&) { return "02"; }, [](const SoldOut&) { return "soldOut"; });
}
std::string MarketWorld::reservation(std::int64_t id) const {
    return match<std::string>(state<Reservation>(std::to_string(id)))(
        [](const NoReservation&) { return "none"; }, [](const ActiveReservation&) { return "01"; },
        [](const CancelledReservation&) { return "02"; });
}
std::string MarketWorld::bill(std::int64_t id) const {
    return match<std::string>(state<Bill>(std::to_string(id)))(
        [](const NoBill&) { return "none"; }, [](const OpenBill&) { return "01"; },
        [](const PayingBill&) { return "paying"; }, [](const PaidBill&) { return "02"; },
        [](const ClosedBill&) { return "closed"; });
}
std::string MarketWorld::purchase(std::int64_t id) const {
    const auto steps = stream(stream_of(Purchase::category, std::to_string(id)));
    return steps.empty() ? "none" : saga_summary(steps.back()->data.payload)->state;
}
std::int64_t MarketWorld::kept(std::int64_t reservation) const {
    std::int64_t sum = 0;
    for (const auto& [key, account] : provider.accounts()) {
        const auto order = order_named(key.substr(payment::Contract::category.size() + 1));
        if (order && order->id == reservation) sum += account.captured - account.refunded;
    }
    return sum;
}

std::string MarketWorld::held_twice() const {
    std::map<std::int64_t, std::int64_t> holder;  // product, reservation
    for (const auto& recorded : log()) {
        if (eventstore::category_of(recorded->stream) != ReservationContract::category) continue;
        const auto event =
            *decode_event<ReservationEvent>(recorded->data.type, recorded->data.payload);
        if (const auto* e = std::get_if<Reserved>(&event)) {
            if (!holder.emplace(e->product_id, e->id).second)
                return fmt::format("product {} is held twice at {}", e->product_id,
                                   recorded->position);
        } else if (const auto* cancelled = std::get_if<ReservationCancelled>(&event)) {
            holder.erase(cancelled->product_id);
        }
    }
    return "";
}

std::string MarketWorld::disagreement(std::int64_t id) const {
    const auto saga = purchase(id);
    const bool live = saga == "completed";
    if (!live && saga != "compensated") return "the purchase is stuck in " + saga;
    if (reservation(id) != (live ? "01" : "02")) return "the reservation is " + reservation(id);
    if (bill(id) != (live ? "02" : "closed")) return "the bill is " + bill(id);
    const auto made = state<Reservation>(std::to_string(id));
    const auto* active = std::get_if<ActiveReservation>(&made);
    if (active && product(active->details.product_id) != "soldOut") return "it is not sold";
    if (kept(id) != (live ? active->details.price.amount : 0))
        return fmt::format("{} won are kept", kept(id));
    ++seen()["market " + saga];
    return "";
}

std::string MarketWorld::disagreement() const {
    if (!quiet()) return "something is still owed";
    if (auto text = held_twice(); !text.empty()) return text;
    for (const auto& [key, account] : provider.accounts())
        if (account.captures > 1 || account.refunds > 1) return key + " was charged twice";
    std::set<std::int64_t> sold;  // products that a reservation holds for good
    for (std::int64_t id = 1; reservation(id) != "none"; ++id) {
        if (auto text = disagreement(id); !text.empty())
            return fmt::format("reservation {}: {}", id, text);
        const auto made = state<Reservation>(std::to_string(id));
        if (const auto* active = std::get_if<ActiveReservation>(&made))
            sold.insert(active->details.product_id);
    }
    for (std::int64_t id = 1; product(id) != "none"; ++id)
        if (product(id) != (sold.contains(id) ? "soldOut" : "01"))
            return fmt::format("product {} is {}", id, product(id));
    return "";
}

}  // namespace yeyak::tests
