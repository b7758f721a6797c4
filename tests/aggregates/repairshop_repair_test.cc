// Every rule of a repair and of a delivery.
#include "aggregates/repairshop/repair.h"
#include "aggregates/repairshop/delivery.h"
#include "tests/aggregates/repairshop_samples.h"
#include "tests/scenario.h"

namespace yeyak::repairshop {
namespace {

using namespace tests;
using namespace tests::car;
using Rejection = RepairRejection;

const RepairReceived registered{17, 17, plate};
const CompleteRepair complete{17, amount};
const RepairCompleted completed{17, amount};

auto open() { return given<Repair>(registered); }

TEST(Repair, is_received_as_soon_as_it_is_registered_CAR_F2) {
    given<Repair>().when(RegisterRepair{17, plate}).then(registered);
    open().when(RegisterRepair{17, plate}).then_nothing();
    open().when(AcceptRepair{17}).then_nothing();
}
TEST(Repair, must_be_there) {
    for (const RepairCommand& command : std::initializer_list<RepairCommand>{
             AcceptRepair{17}, complete, RejectRepair{17}, CancelRepair{17}})
        given<Repair>().when(command).then_rejected(Rejection::repair_not_found);
}
TEST(Repair, is_completed_rejected_or_cancelled_CAR_F3_CAR_F7_CAR_F8) {
    open().when(complete).then(completed);
    open().when(RejectRepair{17}).then(RepairRejected{17});
    open().when(CancelRepair{17}).then(RepairCancelled{17});
}
TEST(Repair, has_one_end) {
    const std::vector<std::pair<RepairCommand, RepairEvent>> ends{
        {complete, completed},
        {RejectRepair{17}, RepairRejected{17}},
        {CancelRepair{17}, RepairCancelled{17}}};
    const Rejection whys[] = {Rejection::repair_completed, Rejection::repair_rejected,
                              Rejection::repair_cancelled};
    for (std::size_t end = 0; end < ends.size(); ++end) {
        const auto over = [&] { return Scenario<Repair>{{registered, ends[end].second}}; };
        for (std::size_t other = 0; other < ends.size(); ++other) {
            if (other == end) over().when(ends[other].first).then_nothing();
            if (other != end) over().when(ends[other].first).then_rejected(whys[end]);
        }
        over().when(AcceptRepair{17}).then_rejected(whys[end]);
        over().when(RegisterRepair{17, plate}).then_nothing();
    }
    given<Repair>(registered, completed)
        .when(CompleteRepair{17, Won{1}})
        .then_rejected(Rejection::repair_completed);
}

TEST(CarDelivery, is_started_once_CAR_X6) {
    const DeliveryStarted started{17, 17, plate};
    given<CarDelivery>().when(StartDelivery{17, plate}).then(started);
    given<CarDelivery>(started).when(StartDelivery{17, plate}).then_nothing();
    given<CarDelivery>(started)
        .when(StartDelivery{17, sealed("4567")})
        .then_rejected(DeliveryRejection::delivery_exists);
}

}  // namespace
}  // namespace yeyak::repairshop
