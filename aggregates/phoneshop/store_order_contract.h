// The published language of the store (the agency): an order that it received is packed, waits for
// the order's word, and is handed over; or it is stopped before that.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"
#include "kernel/sealed.h"
#include "kernel/time.h"

namespace yeyak::phoneshop {

// --- events -----------------------------------------------------------------------------------

struct OrderReceived {
    static constexpr std::string_view type = "phoneshop.order_received.v1";
    std::int64_t id = 0;  // of the order
    std::string item;
    std::int64_t qty = 0;
    std::string store;
    Sealed address;
    Won price;
    Instant packed_by;  // when the parcel is ready
    friend bool operator==(const OrderReceived&, const OrderReceived&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderReceived, (), (id, item, qty, store, address, price, packed_by))

struct ParcelPacked {
    static constexpr std::string_view type = "phoneshop.parcel_packed.v1";
    std::int64_t id = 0;
    friend bool operator==(const ParcelPacked&, const ParcelPacked&) = default;
};
BOOST_DESCRIBE_STRUCT(ParcelPacked, (), (id))

struct ParcelShipped {
    static constexpr std::string_view type = "phoneshop.parcel_shipped.v1";
    std::int64_t id = 0;
    std::string item;
    Sealed address;
    friend bool operator==(const ParcelShipped&, const ParcelShipped&) = default;
};
BOOST_DESCRIBE_STRUCT(ParcelShipped, (), (id, item, address))

struct StoreOrderStopped {
    static constexpr std::string_view type = "phoneshop.store_order_stopped.v1";
    std::int64_t id = 0;
    friend bool operator==(const StoreOrderStopped&, const StoreOrderStopped&) = default;
};
BOOST_DESCRIBE_STRUCT(StoreOrderStopped, (), (id))

using StoreOrderEvent = std::variant<OrderReceived, ParcelPacked, ParcelShipped, StoreOrderStopped>;

// --- commands ---------------------------------------------------------------------------------

struct ReceiveOrder {
    static constexpr std::string_view type = "phoneshop.receive_order";
    OrderReceived order;
    friend bool operator==(const ReceiveOrder&, const ReceiveOrder&) = default;
};
BOOST_DESCRIBE_STRUCT(ReceiveOrder, (), (order))

// What the store's own timer says.
struct PackParcel {
    static constexpr std::string_view type = "phoneshop.pack_parcel";
    friend bool operator==(const PackParcel&, const PackParcel&) = default;
};
BOOST_DESCRIBE_STRUCT(PackParcel, (), ())

struct ShipParcel {
    static constexpr std::string_view type = "phoneshop.ship_parcel";
    std::int64_t id = 0;
    friend bool operator==(const ShipParcel&, const ShipParcel&) = default;
};
BOOST_DESCRIBE_STRUCT(ShipParcel, (), (id))

// May come first: an order that is received afterwards is refused.
struct StopStoreOrder {
    static constexpr std::string_view type = "phoneshop.stop_store_order";
    std::int64_t id = 0;
    friend bool operator==(const StopStoreOrder&, const StopStoreOrder&) = default;
};
BOOST_DESCRIBE_STRUCT(StopStoreOrder, (), (id))

using StoreOrderCommand = std::variant<ReceiveOrder, PackParcel, ShipParcel, StopStoreOrder>;

struct StoreOrderContract {
    static constexpr std::string_view category = "phoneshop.store_order";
    static std::string_view context(std::string_view) { return "store"; }
    static std::vector<std::string> tags(const StoreOrderEvent&) { return {}; }
    using Command = StoreOrderCommand;
    using Event = StoreOrderEvent;
};

}  // namespace yeyak::phoneshop
