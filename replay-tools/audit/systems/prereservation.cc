#include "replay-tools/audit/systems/prereservation.h"

#include <map>

#include "aggregates/prereservation/checkout.h"
#include "aggregates/prereservation/receipt_contract.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "kernel/message.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

using namespace prereservation;

std::optional<OrderNews> prereservation_news(const eventstore::RecordedEvent& recorded) {
    using State = OrderNews::State;
    const auto event = decode_event<ReservationEvent>(recorded.data.type, recorded.data.payload);
    if (!event) return std::nullopt;
    if (const auto* e = std::get_if<ReservationRequested>(&*event))
        return OrderNews{order_of(e->id), State::open, e->price.amount};
    if (const auto* e = std::get_if<ReservationConfirmed>(&*event))
        return OrderNews{order_of(e->id), State::live, {}};
    return OrderNews{order_of(std::get<ReservationCancelled>(*event).id), State::cancelled, {}};
}

// Once the system is quiet, a receipt is there exactly for what is reserved, and a reservation was
// confirmed only by its payment.
class Receipts final : public Check {
  public:
    Receipts() : Check("receipts of every reservation") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records)
            if (record.event) look(*record.event);
    }
    void finish(const Audited& audited) override {
        const auto& pending = audited.pending_streams();
        for (const auto& [id, parts] : parts_) {
            if (parts.live == parts.receipt) continue;
            const auto number = std::to_string(id);
            if (pending.contains(stream_of(ReceiptContract::category, number)) ||
                pending.contains(stream_of(ReservationContract::category, number)))
                continue;
            const auto newest = audited.log->record(parts.position);
            if (!newest.event) continue;  // found by "record checksums"
            fail(at(*newest.event, parts.receipt ? "a receipt" : "no receipt",
                    parts.live ? "a receipt: the reservation is confirmed"
                               : "none: nothing is reserved"));
        }
    }

  private:
    struct Parts {
        bool paid = false;
        bool live = false;
        bool receipt = false;
        Position position = 0;  // of the newest event
    };

    void look(const eventstore::RecordedEvent& event) {
        const auto category = eventstore::category_of(event.stream);
        if (category == ReservationContract::category) hear<ReservationEvent>(event);
        if (category == ReceiptContract::category) hear<ReceiptEvent>(event);
        if (category == payment::Contract::category) hear<payment::Event>(event);
    }
    template <class Event>
    void hear(const eventstore::RecordedEvent& recorded) {
        const auto event = decode_event<Event>(recorded.data.type, recorded.data.payload);
        if (event) std::visit([&](const auto& e) { take(recorded, e); }, *event);
    }

    void take(const eventstore::RecordedEvent& recorded, const ReservationRequested& e) {
        counted();
        parts_[e.id].position = recorded.position;
    }
    void take(const eventstore::RecordedEvent& recorded, const ReservationConfirmed& e) {
        auto& parts = parts_[e.id];
        if (!parts.paid)
            fail(at(recorded, recorded.data.type, "the payment of the reservation before"));
        parts.live = true;
        parts.position = recorded.position;
    }
    void take(const eventstore::RecordedEvent& recorded, const ReservationCancelled& e) {
        auto& parts = parts_[e.id];
        parts.live = false;
        parts.position = recorded.position;
    }
    void take(const eventstore::RecordedEvent& recorded, const ReceiptIssued& e) {
        auto& parts = parts_[e.pre_reservation_id];
        parts.receipt = true;
        parts.position = recorded.position;
    }
    void take(const eventstore::RecordedEvent& recorded, const ReceiptCancelled& e) {
        auto& parts = parts_[e.pre_reservation_id];
        parts.receipt = false;
        parts.position = recorded.position;
    }
    void take(const eventstore::RecordedEvent&, const payment::PaymentCompleted& e) {
        if (const auto id = reservation_of_order(e.order)) parts_[*id].paid = true;
    }
    template <class Event>
    void take(const eventstore::RecordedEvent&, const Event&) {}

    std::map<std::int64_t, Parts> parts_;
};

CheckPtr receipts() { return std::make_unique<Receipts>(); }

}  // namespace

AuditedSystem prereservation_system() {
    return {.name = "prereservation",
            .categories = {category<ReservationContract>(), category<ReceiptContract>()},
            .sagas = {saga<Checkout>()},
            .orders = {{ReservationContract::category, prereservation_news}},
            .invariants = {&receipts}};
}

}  // namespace yeyak::tools
