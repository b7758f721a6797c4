// The published language of the vaccine warehouse: doses of one type come in, are reserved for a
// reservation, and are given back or used up. At any time
//
//   available = received - reserved + released >= 0,   used up: a part of what is reserved
//
// `available` in an event is the number of doses left after it.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace yeyak::vaccination {

struct StockReceived {
    static constexpr std::string_view type = "vaccination.stock_received.v1";
    std::string vaccine_type;
    std::int64_t delivery_id = 0;
    std::int64_t count = 0;
    std::int64_t available = 0;
    friend bool operator==(const StockReceived&, const StockReceived&) = default;
};
BOOST_DESCRIBE_STRUCT(StockReceived, (), (vaccine_type, delivery_id, count, available))

struct DoseReserved {
    static constexpr std::string_view type = "vaccination.dose_reserved.v1";
    std::string vaccine_type;
    std::int64_t reservation_id = 0;
    std::int64_t available = 0;
    friend bool operator==(const DoseReserved&, const DoseReserved&) = default;
};
BOOST_DESCRIBE_STRUCT(DoseReserved, (), (vaccine_type, reservation_id, available))

// None is left, or the reservation gave back what it had not got yet: it gets none of this type.
struct DoseRefused {
    static constexpr std::string_view type = "vaccination.dose_refused.v1";
    std::string vaccine_type;
    std::int64_t reservation_id = 0;
    friend bool operator==(const DoseRefused&, const DoseRefused&) = default;
};
BOOST_DESCRIBE_STRUCT(DoseRefused, (), (vaccine_type, reservation_id))

struct DoseReleased {
    static constexpr std::string_view type = "vaccination.dose_released.v1";
    std::string vaccine_type;
    std::int64_t reservation_id = 0;
    std::int64_t available = 0;
    friend bool operator==(const DoseReleased&, const DoseReleased&) = default;
};
BOOST_DESCRIBE_STRUCT(DoseReleased, (), (vaccine_type, reservation_id, available))

struct DoseConsumed {
    static constexpr std::string_view type = "vaccination.dose_consumed.v1";
    std::string vaccine_type;
    std::int64_t reservation_id = 0;
    friend bool operator==(const DoseConsumed&, const DoseConsumed&) = default;
};
BOOST_DESCRIBE_STRUCT(DoseConsumed, (), (vaccine_type, reservation_id))

using StockEvent =
    std::variant<StockReceived, DoseReserved, DoseRefused, DoseReleased, DoseConsumed>;

struct ReceiveStock {
    static constexpr std::string_view type = "vaccination.receive_stock";
    std::string vaccine_type;
    std::int64_t delivery_id = 0;  // the same delivery counts once
    std::int64_t count = 0;
    friend bool operator==(const ReceiveStock&, const ReceiveStock&) = default;
};
BOOST_DESCRIBE_STRUCT(ReceiveStock, (), (vaccine_type, delivery_id, count))

struct ReserveDose {
    static constexpr std::string_view type = "vaccination.reserve_dose";
    std::string vaccine_type;
    std::int64_t reservation_id = 0;
    friend bool operator==(const ReserveDose&, const ReserveDose&) = default;
};
BOOST_DESCRIBE_STRUCT(ReserveDose, (), (vaccine_type, reservation_id))

// May come before the dose is reserved: it is not reserved afterwards.
struct ReleaseDose {
    static constexpr std::string_view type = "vaccination.release_dose";
    std::string vaccine_type;
    std::int64_t reservation_id = 0;
    friend bool operator==(const ReleaseDose&, const ReleaseDose&) = default;
};
BOOST_DESCRIBE_STRUCT(ReleaseDose, (), (vaccine_type, reservation_id))

struct ConsumeDose {
    static constexpr std::string_view type = "vaccination.consume_dose";
    std::string vaccine_type;
    std::int64_t reservation_id = 0;
    friend bool operator==(const ConsumeDose&, const ConsumeDose&) = default;
};
BOOST_DESCRIBE_STRUCT(ConsumeDose, (), (vaccine_type, reservation_id))

using StockCommand = std::variant<ReceiveStock, ReserveDose, ReleaseDose, ConsumeDose>;

struct StockContract {  // the id of a stock is its type of vaccine
    static constexpr std::string_view category = "vaccination.stock";
    static std::string_view context(std::string_view) { return "vaccinestock"; }
    static std::vector<std::string> tags(const StockEvent&) { return {}; }
    using Command = StockCommand;
    using Event = StockEvent;
};

}  // namespace yeyak::vaccination
