// The published language of delivery: the car is handed over. At most one delivery for a receipt,
// because it has the receipt's number (CAR-X6).
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
#include "kernel/sealed.h"

namespace yeyak::repairshop {

enum class DeliveryStat { none, delivery_requested, delivery_started };
BOOST_DESCRIBE_ENUM(DeliveryStat, none, delivery_requested, delivery_started)

struct DeliveryStarted {
    static constexpr std::string_view type = "repairshop.delivery_started.v1";
    std::int64_t id = 0;
    std::int64_t receipt_id = 0;
    Sealed vehi_no;
    friend bool operator==(const DeliveryStarted&, const DeliveryStarted&) = default;
};
BOOST_DESCRIBE_STRUCT(DeliveryStarted, (), (id, receipt_id, vehi_no))

using DeliveryEvent = std::variant<DeliveryStarted>;

struct StartDelivery {
    static constexpr std::string_view type = "repairshop.start_delivery";
    std::int64_t id = 0;
    Sealed vehi_no;
    friend bool operator==(const StartDelivery&, const StartDelivery&) = default;
};
BOOST_DESCRIBE_STRUCT(StartDelivery, (), (id, vehi_no))

using DeliveryCommand = std::variant<StartDelivery>;

struct DeliveryContract {
    static constexpr std::string_view category = "repairshop.delivery";
    static std::string_view context(std::string_view) { return "delivery"; }
    static std::vector<std::string> tags(const DeliveryEvent&) { return {}; }
    using Command = DeliveryCommand;
    using Event = DeliveryEvent;
};

}  // namespace yeyak::repairshop
