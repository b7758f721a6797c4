// Money. Of every payment: at most one capture, of the price that was asked for, and never more
// refunded than captured. Of every order of a registered system: what is kept is the price while
// the order is live, and nothing once it is cancelled and no refund is owed.
//
// What is kept in memory is about 100 bytes for each payment or order.
#include <fmt/format.h>
#include <xxhash.h>

#include <map>
#include <unordered_map>

#include "aggregates/payment/contract.h"
#include "kernel/events.h"
#include "kernel/message.h"
#include "replay-tools/audit/checks.h"

namespace yeyak::tools {
namespace {

using eventstore::category_of;
using eventstore::RecordedEvent;

std::uint64_t key_of(std::string_view order) { return XXH3_64bits(order.data(), order.size()); }

std::optional<payment::Event> payment_event(const RecordedEvent& event) {
    if (category_of(event.stream) != payment::Contract::category) return std::nullopt;
    auto decoded = decode_event<payment::Event>(event.data.type, event.data.payload);
    if (!decoded) return std::nullopt;  // found by "events decode"
    return *std::move(decoded);
}

class Payments final : public Check {
  public:
    Payments() : Check("captures and refunds") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            if (!record.event) continue;
            const auto event = payment_event(*record.event);
            if (!event) continue;
            if (const auto* e = std::get_if<payment::PaymentRequested>(&*event)) {
                counted();
                paid_[key_of(e->order)].price = e->price.amount;
            } else if (const auto* completed = std::get_if<payment::PaymentCompleted>(&*event)) {
                capture(*record.event, *completed);
            } else if (const auto* cancelled = std::get_if<payment::PaymentCancelled>(&*event)) {
                refund(*record.event, *cancelled);
            }
        }
    }

  private:
    struct Paid {
        std::int64_t price = 0;
        std::int64_t captured = 0;
        std::int64_t refunded = 0;
        std::uint32_t captures = 0;
    };

    void capture(const RecordedEvent& event, const payment::PaymentCompleted& e) {
        auto& paid = paid_[key_of(e.order)];
        ++paid.captures;
        paid.captured += e.captured.amount;
        if (paid.captures > 1)
            fail(at(event, fmt::format("capture number {}", paid.captures), "one capture at most"));
        else if (e.captured.amount != paid.price)
            fail(at(event, fmt::format("{} won captured", e.captured.amount),
                    fmt::format("{} won, the price", paid.price)));
    }
    void refund(const RecordedEvent& event, const payment::PaymentCancelled& e) {
        auto& paid = paid_[key_of(e.order)];
        paid.refunded += e.refunded.amount;
        if (paid.refunded > paid.captured)
            fail(at(event, fmt::format("{} won refunded", paid.refunded),
                    fmt::format("at most {} won, which were captured", paid.captured)));
    }

    std::unordered_map<std::uint64_t, Paid> paid_;
};

class Money final : public Check {
  public:
    explicit Money(std::span<const AuditedSystem> systems) : Check("money of every order") {
        for (const auto& system : systems)
            for (const auto& orders : system.orders) orders_[orders.category] = &orders;
    }
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            if (!record.event) continue;
            if (const auto event = payment_event(*record.event)) {
                pay(record.position, *event);
                continue;
            }
            const auto orders = orders_.find(category_of(record.event->stream));
            if (orders == orders_.end()) continue;
            if (const auto news = orders->second->read(*record.event))
                order(record.position, *news);
        }
    }
    void finish(const Audited& audited) override {
        std::map<Position, const Order*> suspects;
        for (const auto& [key, order] : books_) {
            if (!order.known) continue;  // of a system that registered no orders
            counted();
            if (order.kept != owed(order)) suspects[order.position] = &order;
        }
        for (const auto& [position, order] : suspects) judge(audited, *order);
    }

  private:
    struct Order {
        std::int64_t price = 0;
        std::int64_t kept = 0;          // captured less refunded
        Position position = 0;          // of the order's newest event
        Position payment_position = 0;  // of the payment's newest event
        OrderNews::State state = OrderNews::State::open;
        bool known = false;
    };

    void pay(Position position, const payment::Event& event) {
        std::visit([&](const auto& e) { books_[key_of(e.order)].payment_position = position; },
                   event);
        if (const auto* e = std::get_if<payment::PaymentCompleted>(&event))
            books_[key_of(e->order)].kept += e->captured.amount;
        if (const auto* e = std::get_if<payment::PaymentCancelled>(&event))
            books_[key_of(e->order)].kept -= e->refunded.amount;
    }
    void order(Position position, const OrderNews& news) {
        auto& order = books_[key_of(news.order)];
        order.known = true;
        order.position = position;
        order.state = news.state;
        if (news.price) order.price = *news.price;
    }
    // An order that is neither live nor cancelled is being paid: anything may be kept.
    static std::int64_t owed(const Order& order) {
        if (order.state == OrderNews::State::live) return order.price;
        return order.state == OrderNews::State::cancelled ? 0 : order.kept;
    }
    void judge(const Audited& audited, const Order& order) {
        const auto newest = audited.log->record(order.position);
        if (!newest.event) return;
        const bool live = order.state == OrderNews::State::live;
        if (!live) {
            const auto& pending = audited.pending_streams();
            if (pending.contains(newest.event->stream)) return;
            const auto paid = audited.log->record(order.payment_position);
            if (paid.event && pending.contains(paid.event->stream)) return;
        }
        fail(at(*newest.event, fmt::format("{} won kept", order.kept),
                live ? fmt::format("{} won, the price of a live order", order.price)
                     : std::string{"0 won: the order is cancelled and no refund is owed"}));
    }

    std::map<std::string_view, const AuditedOrders*> orders_;
    std::unordered_map<std::uint64_t, Order> books_;
};

}  // namespace

CheckPtr check_payments() { return std::make_unique<Payments>(); }
CheckPtr check_money(std::span<const AuditedSystem> systems) {
    return std::make_unique<Money>(systems);
}

}  // namespace yeyak::tools
