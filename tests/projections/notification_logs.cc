// Notifications of two systems: on their way, delivered at once or later, given up, replayed.
#include "aggregates/notification/contract.h"
#include "tests/projections/logs.h"

namespace yeyak::tests {

using namespace notification;

namespace {

std::vector<Log> make_streams(std::mt19937_64& random, int count) {
    std::vector<Log> streams;
    for (int number = 1; number <= count; ++number) {
        const auto fate = random() % 5;
        const auto key = std::to_string(number);
        const auto id = (fate % 2 == 0 ? "market-reserved-" : "phoneshop-shipped-") + key;
        StreamOf<Contract> told{id, some_time(random)};
        told.add(NotificationRequested{id, "user-" + std::to_string(random() % 3),
                                       "reservation-" + key, "reserved", "예약됨", "Reserved"});
        if (fate == 1) told.add(NotificationDelivered{id, 1});
        if (fate >= 2) {
            told.add(NotificationPostponed{id, 1, "http_503", {9'000}});
            told.add(NotificationRetried{id, 2});
        }
        if (fate == 2) told.add(NotificationDelivered{id, 2});
        if (fate >= 3) told.add(NotificationDeadLettered{id, 2, "http_410"});
        if (fate == 4) told.add(NotificationReplayed{id, "operator-3"});
        collect(streams, told);
    }
    return streams;
}

const StreamsOf streams{"notification", &make_streams};

}  // namespace

}  // namespace yeyak::tests
