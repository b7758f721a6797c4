#include "api/systems/repairshop/body.h"

#include "api/routes/body_impl.h"
#include "api/systems/repairshop/wish.h"
#include "kernel/normal_number.h"

namespace yeyak::api {
namespace {

// Of spaces and dashes nothing is left that a car could be known by.
constexpr TextForm plate{"", [](std::string_view text) -> std::string_view {
                             return normal_number(text).empty() ? "letters and digits" : "";
                         }};

}  // namespace

const Body<IntakeBody> intake_body{
    Reading::lenient,
    {field(&IntakeBody::vehi_no).length(1, 40).form(plate).about("the car's plate"),
     field(&IntakeBody::stat)
         .one_of(new_receipt_words())
         .about("DELIVERYREQUESTED only with delivery.mode=async")}};

const Body<IntakeChange> intake_change_body{
    Reading::lenient,
    {field(&IntakeChange::stat).one_of(receipt_words()),
     field(&IntakeChange::pay_amt)
         .amount(1)
         .about("in won, as much as repairAmt; with PAYMENTREQUESTED")}};

const Body<RepairChange> repair_change_body{
    Reading::lenient,
    {field(&RepairChange::stat).one_of(repair_words()),
     field(&RepairChange::repair_amt).amount(1).about("in won; with REPAIRED"),
     field(&RepairChange::reapir_amt).amount(1).about("another name of repairAmt")}};

}  // namespace yeyak::api
