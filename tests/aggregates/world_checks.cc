// What can be seen of a world, and what must hold in it.
#include <fmt/format.h>

#include "aggregates/engine/saga_step.h"
#include "aggregates/prereservation/checkout.h"
#include "tests/aggregates/prereservation_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests {

using eventstore::Table;
using namespace prereservation;

std::vector<eventstore::EventPtr> World::log() const {
    eventstore::AllQuery query;
    query.max_events = 1'000'000;
    query.max_bytes = 1 << 30;
    return store->read_all(query)->events;
}

std::vector<std::string> World::types(eventstore::Position after) const {
    std::vector<std::string> types;
    for (const auto& event : log()) {
        if (event->position <= after) continue;
        const auto& type = event->data.type;
        const auto begin = type.find('.') + 1;
        types.push_back(type.substr(begin, type.rfind('.') - begin));
    }
    return types;
}

std::size_t World::entries(Table table) const {
    return store->entries(table, "", "", 1'000'000)->size();
}

bool World::quiet() const {
    return effects.empty() && timers.empty() && answers.empty() && drains_.empty() &&
           batch_.empty() && entries(Table::outbox) == 0 && entries(Table::timer) == 0 &&
           entries(Table::inbox) == 0;
}

std::vector<eventstore::EventPtr> World::stream(const std::string& name) const {
    eventstore::StreamQuery query;
    query.stream = name;
    query.max_events = 1'000'000;
    return store->read_stream(query)->events;
}

std::string World::disagreement() const {
    if (!quiet())
        return fmt::format("something is still owed: {} effects, {} timers, {} messages",
                           entries(Table::outbox), entries(Table::timer), entries(Table::inbox));
    for (std::int64_t id = 1; id <= reservations_; ++id)
        if (auto text = disagreement(id); !text.empty())
            return fmt::format("reservation {}: {}", id, text);
    return "";
}

namespace {

// At most one capture, at most one end, attempts that grow.
std::string broken_payment(const std::vector<eventstore::EventPtr>& events) {
    int captures = 0;
    int ends = 0;
    std::int64_t last_attempt = 0;
    for (const auto& recorded : events) {
        const auto event =
            *decode_event<payment::Event>(recorded->data.type, recorded->data.payload);
        if (ends > 0) return "something happened to a payment after its end";
        if (std::holds_alternative<payment::PaymentCompleted>(event)) ++captures, last_attempt = 0;
        if (std::holds_alternative<payment::PaymentCancelled>(event)) ++ends;
        std::int64_t attempt = 0;
        if (const auto* e = std::get_if<payment::PaymentOutcomeUnknown>(&event))
            attempt = e->attempt;
        if (const auto* e = std::get_if<payment::RefundPostponed>(&event)) attempt = e->attempt;
        if (attempt == 0) continue;
        if (attempt != last_attempt + 1) return "attempts do not grow by one";
        last_attempt = attempt;
    }
    return captures > 1 ? "captured twice" : "";
}

}  // namespace

std::string World::disagreement(std::int64_t id) const {
    const auto steps = stream(stream_of(Checkout::category, std::to_string(id)));
    const auto reservation = state<Reservation>(std::to_string(id));
    if (std::holds_alternative<NoReservation>(reservation))
        return steps.empty() ? "" : "a saga without a reservation";
    if (steps.empty()) return "no saga";
    const auto saga = saga_summary(steps.back()->data.payload);
    if (!saga->ended) return "the saga is stuck in " + saga->state;

    const auto paid = state<payment::Payment>(order_of(id));
    const auto issued = state<Receipt>(std::to_string(id));
    const bool live = saga->state == "completed";
    if (live != std::holds_alternative<prereservation::Confirmed>(reservation))
        return "the reservation disagrees with its saga";
    if (live != std::holds_alternative<payment::Captured>(paid))
        return "the payment disagrees with its saga";
    if (live != std::holds_alternative<Issued>(issued)) return "the receipt disagrees";
    if (!live && !std::holds_alternative<prereservation::Cancelled>(reservation))
        return "the reservation is not cancelled";
    if (std::holds_alternative<payment::Open>(paid) ||
        std::holds_alternative<payment::Refunding>(paid))
        return "the payment is not at its end";

    const auto account = provider.account(stream_of("payment.payment", order_of(id)));
    if (account.captures > 1) return "the provider charged twice";
    if (account.refunds > 1) return "the provider refunded twice";
    if (account.captured - account.refunded != (live ? price.amount : 0))
        return fmt::format("captured {}, refunded {}", account.captured, account.refunded);
    ++seen()[saga->state];
    return broken_payment(stream(stream_of("payment.payment", order_of(id))));
}

}  // namespace yeyak::tests
