// The published language of phone orders, as the app keeps them: placed, then paid and shipped, or
// rejected when the payment fails, or cancelled by the customer before the phone leaves the store.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"
#include "kernel/sealed.h"
#include "kernel/time.h"

namespace yeyak::phoneshop {

enum class RejectReason { payment_declined, payment_unavailable, payment_timeout };
BOOST_DESCRIBE_ENUM(RejectReason, payment_declined, payment_unavailable, payment_timeout)

// --- events -----------------------------------------------------------------------------------

// Pending: it comes into existence when it is paid.
struct OrderPlaced {
    static constexpr std::string_view type = "phoneshop.order_placed.v1";
    std::int64_t id = 0;
    std::string item;
    std::int64_t qty = 0;
    std::string store;
    Sealed address;
    Won price;                           // of the whole order
    Sealed card_no;                      // masked; empty when none was given
    CardToken card_token;                // what the payment provider knows the card by
    std::int64_t shipping_delay_ms = 0;  // how long the store needs to pack it
    friend bool operator==(const OrderPlaced&, const OrderPlaced&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderPlaced, (),
                      (id, item, qty, store, address, price, card_no, card_token,
                       shipping_delay_ms))

struct OrderPaid {
    static constexpr std::string_view type = "phoneshop.order_paid.v1";
    std::int64_t id = 0;
    Instant paid_at;
    friend bool operator==(const OrderPaid&, const OrderPaid&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderPaid, (), (id, paid_at))

// The parcel may leave the store: from now on it is too late to cancel.
struct OrderShipped {
    static constexpr std::string_view type = "phoneshop.order_shipped.v1";
    std::int64_t id = 0;
    friend bool operator==(const OrderShipped&, const OrderShipped&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderShipped, (), (id))

struct OrderCancelled {
    static constexpr std::string_view type = "phoneshop.order_cancelled.v1";
    std::int64_t id = 0;
    friend bool operator==(const OrderCancelled&, const OrderCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderCancelled, (), (id))

// The payment of the cancelled order is cancelled, too.
struct OrderPayCancelled {
    static constexpr std::string_view type = "phoneshop.order_pay_cancelled.v1";
    std::int64_t id = 0;
    friend bool operator==(const OrderPayCancelled&, const OrderPayCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderPayCancelled, (), (id))

struct OrderRejected {
    static constexpr std::string_view type = "phoneshop.order_rejected.v1";
    std::int64_t id = 0;
    RejectReason reason = RejectReason::payment_unavailable;
    friend bool operator==(const OrderRejected&, const OrderRejected&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderRejected, (), (id, reason))

using OrderEvent = std::variant<OrderPlaced, OrderPaid, OrderShipped, OrderCancelled,
                                OrderPayCancelled, OrderRejected>;

// --- commands ---------------------------------------------------------------------------------

struct PlaceOrder {
    static constexpr std::string_view type = "phoneshop.place_order";
    OrderPlaced order;
    friend bool operator==(const PlaceOrder&, const PlaceOrder&) = default;
};
BOOST_DESCRIBE_STRUCT(PlaceOrder, (), (order))

struct ConfirmPayment {
    static constexpr std::string_view type = "phoneshop.confirm_payment";
    std::int64_t id = 0;
    Instant paid_at;
    friend bool operator==(const ConfirmPayment&, const ConfirmPayment&) = default;
};
BOOST_DESCRIBE_STRUCT(ConfirmPayment, (), (id, paid_at))

struct ShipOrder {
    static constexpr std::string_view type = "phoneshop.ship_order";
    std::int64_t id = 0;
    friend bool operator==(const ShipOrder&, const ShipOrder&) = default;
};
BOOST_DESCRIBE_STRUCT(ShipOrder, (), (id))

struct CancelOrder {
    static constexpr std::string_view type = "phoneshop.cancel_order";
    std::int64_t id = 0;
    friend bool operator==(const CancelOrder&, const CancelOrder&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelOrder, (), (id))

// Told of every payment that is cancelled; a rejected order has nothing to add.
struct ConfirmPayCancelled {
    static constexpr std::string_view type = "phoneshop.confirm_pay_cancelled";
    std::int64_t id = 0;
    friend bool operator==(const ConfirmPayCancelled&, const ConfirmPayCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(ConfirmPayCancelled, (), (id))

struct RejectOrder {
    static constexpr std::string_view type = "phoneshop.reject_order";
    std::int64_t id = 0;
    RejectReason reason = RejectReason::payment_unavailable;
    friend bool operator==(const RejectOrder&, const RejectOrder&) = default;
};
BOOST_DESCRIBE_STRUCT(RejectOrder, (), (id, reason))

using OrderCommand = std::variant<PlaceOrder, ConfirmPayment, ShipOrder, CancelOrder,
                                  ConfirmPayCancelled, RejectOrder>;

struct OrderContract {
    static constexpr std::string_view category = "phoneshop.order";
    static std::string_view context(std::string_view) { return "app"; }
    static std::vector<std::string> tags(const OrderEvent&) { return {}; }
    using Command = OrderCommand;
    using Event = OrderEvent;
};

// What the payment of an order is called: "phoneshop-17". Nothing for those of other systems.
std::string payment_of(std::int64_t order);
std::optional<std::int64_t> order_of_payment(std::string_view payment);

}  // namespace yeyak::phoneshop
