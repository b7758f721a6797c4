// The published language of the days on which people are vaccinated: each has so many places.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/time.h"

namespace yeyak::vaccination {

struct PlaceTaken {
    static constexpr std::string_view type = "vaccination.place_taken.v1";
    Date date;
    std::int64_t reservation_id = 0;
    std::int32_t capacity = 0;  // places of the day when this one was taken
    friend bool operator==(const PlaceTaken&, const PlaceTaken&) = default;
};
BOOST_DESCRIBE_STRUCT(PlaceTaken, (), (date, reservation_id, capacity))

// Also said of a reservation that never had a place: it gets none any more.
struct PlaceFreed {
    static constexpr std::string_view type = "vaccination.place_freed.v1";
    Date date;
    std::int64_t reservation_id = 0;
    bool was_taken = false;
    friend bool operator==(const PlaceFreed&, const PlaceFreed&) = default;
};
BOOST_DESCRIBE_STRUCT(PlaceFreed, (), (date, reservation_id, was_taken))

using SlotEvent = std::variant<PlaceTaken, PlaceFreed>;

struct TakePlace {
    static constexpr std::string_view type = "vaccination.take_place";
    Date date;
    std::int64_t reservation_id = 0;
    std::int32_t capacity = 0;
    friend bool operator==(const TakePlace&, const TakePlace&) = default;
};
BOOST_DESCRIBE_STRUCT(TakePlace, (), (date, reservation_id, capacity))

// May come before the place is taken: it is not taken afterwards.
struct FreePlace {
    static constexpr std::string_view type = "vaccination.free_place";
    Date date;
    std::int64_t reservation_id = 0;
    friend bool operator==(const FreePlace&, const FreePlace&) = default;
};
BOOST_DESCRIBE_STRUCT(FreePlace, (), (date, reservation_id))

using SlotCommand = std::variant<TakePlace, FreePlace>;

struct SlotContract {  // the id of a slot is its day: 2021-10-05
    static constexpr std::string_view category = "vaccination.slot";
    static std::string_view context(std::string_view) { return "reservation"; }
    static std::vector<std::string> tags(const SlotEvent&) { return {}; }
    using Command = SlotCommand;
    using Event = SlotEvent;
};

}  // namespace yeyak::vaccination
