// What all routes of the repair shop share: its resources and why its commands are refused.
#pragma once
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "aggregates/engine/people.h"
#include "aggregates/repairshop/intake_contract.h"
#include "aggregates/repairshop/repair_contract.h"
#include "api/routes/answer_row.h"
#include "api/routes/command.h"
#include "api/routes/view_page.h"
#include "kernel/normal_number.h"
#include "privacy/seal.h"

namespace yeyak::api::repairshop_routes {

// Whose key it is that the fields of a car are sealed with.
inline std::string vehicle_name(std::string_view number) {
    return person_name("repairshop", "vehicle", normal_number(number));
}

// A car is looked for by its number, which is sealed with its own key.
inline const SealedFilter vehicle{"vehiNo", privacy::Purpose::vehicle, &vehicle_name,
                                  &normal_number};

// All that a status can be, as it stands on the wire.
template <class... Stats>
std::vector<std::string> stat_words() {
    std::vector<std::string> words;
    const auto add = [&](auto stat) { words.push_back(repairshop::wire_name(stat.name)); };
    (boost::mp11::mp_for_each<boost::describe::describe_enumerators<Stats>>(add), ...);
    return words;
}

inline const ViewResource receipts{
    .view = "repairshop.receipts",
    .path = "receipts",
    .item = "receipt",
    .filters = {"stat", "vehiNo"},
    .indexed = {"stat", "vehiNo"},
    .sortable = {"id", "vehiNo", "stat", "repairAmt", "payAmt", "createdAt", "modifiedAt"},
    .sealed = {vehicle},
    .words = {{"stat", stat_words<repairshop::IntakeStat>()}}};
inline const ViewResource repairs{
    .view = "repairshop.repairs",
    .path = "repairs",
    .item = "repair",
    .filters = {"stat", "vehiNo"},
    .indexed = {"stat", "vehiNo"},
    .sortable = {"id", "vehiNo", "stat", "repairAmt", "createdAt", "modifiedAt"},
    .sealed = {vehicle},
    .words = {{"stat", stat_words<repairshop::RepairStat>()}}};

// Of receipts and repairs alike.
inline constexpr Refusal refusals[] = {
    {"receipt_not_found", 404, "there is no such receipt"},
    {"receipt_exists", 409, "the receipt is of another car"},
    {"receipt_cancelled", 409, "the receipt is cancelled, or its cancel is under way"},
    {"receipt_rejected", 409, "the repair shop has rejected the repair"},
    {"receipt_paid", 409, "the receipt is paid, or being paid, with another amount"},
    {"receipt_not_paid", 409, "a car is delivered after it is paid; request the payment first"},
    {"repair_not_completed", 409, "a receipt is paid after its repair is completed"},
    {"pay_amount_differs", 422, "payAmt must be the repairAmt of the receipt"},
    {"cancel_too_late", 409, "a repair is cancelled before it is completed and delivered"},
    {"repair_not_found", 404, "there is no such repair"},
    {"repair_completed", 409, "the repair is completed, with its amount"},
    {"repair_rejected", 409, "the repair was rejected"},
    {"repair_cancelled", 409, "the repair was cancelled"},
};

}  // namespace yeyak::api::repairshop_routes
