// What clients send to the repair shop.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "api/routes/body.h"
#include "kernel/money.h"
#include "privacy/personal.h"

namespace yeyak::api {

struct IntakeBody {
    privacy::VehicleNumber vehi_no;
    std::optional<std::string> stat;
};
BOOST_DESCRIBE_STRUCT(IntakeBody, (), (vehi_no, stat))

struct IntakeChange {
    std::string stat;
    std::optional<Won> pay_amt;
};
BOOST_DESCRIBE_STRUCT(IntakeChange, (), (stat, pay_amt))

// `reapirAmt` is how the founding document writes it (CAR-X8).
struct RepairChange {
    std::string stat;
    std::optional<Won> repair_amt;
    std::optional<Won> reapir_amt;
};
BOOST_DESCRIBE_STRUCT(RepairChange, (), (stat, repair_amt, reapir_amt))

extern const Body<IntakeBody> intake_body;
extern const Body<IntakeChange> intake_change_body;
extern const Body<RepairChange> repair_change_body;

}  // namespace yeyak::api
