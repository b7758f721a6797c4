// What all routes of the repair shop share: its resources and why its commands are refused.
#pragma once
#include <string_view>

#include "api/routes/command.h"
#include "api/routes/row_at.h"
#include "api/routes/view_page.h"
#include "privacy/person.h"

namespace yeyak::api::repairshop_routes {

// A car is looked for by its number, which is sealed with its own key.
inline const SealedFilter vehicle{"vehiNo", privacy::Purpose::vehicle, [](std::string_view number) {
                                      return privacy::repairshop_vehicle(number);
                                  }};

inline const ViewResource receipts{
    .view = "repairshop.receipts",
    .path = "receipts",
    .item = "receipt",
    .filters = {"stat", "vehiNo"},
    .indexed = {"stat", "vehiNo"},
    .sortable = {"id", "vehiNo", "stat", "repairAmt", "payAmt", "createdAt", "modifiedAt"},
    .sealed = {vehicle}};
inline const ViewResource repairs{
    .view = "repairshop.repairs",
    .path = "repairs",
    .item = "repair",
    .filters = {"stat", "vehiNo"},
    .indexed = {"stat", "vehiNo"},
    .sortable = {"id", "vehiNo", "stat", "repairAmt", "createdAt", "modifiedAt"},
    .sealed = {vehicle}};

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

// The row of a view as it stands after a command, with its links.
template <class V, class Contract>
http::Response answer_row(const server::Reads& reads, const http::Request& request,
                          const Mount& mount, const ViewResource& resource, const Reply& reply,
                          int status = 200) {
    const auto row = row_at<V, Contract>(reads, reply);
    if (!row) return problem_of(row.error());
    const auto id = reply.stream.substr(Contract::category.size() + 1);
    http::Response response;
    response.status = status;
    response.content_type = "application/hal+json";
    response.body = hal_row(base_of(request), mount, resource, id, *row);
    if (status != 200)
        response.headers.add("Location", fmt::format("{}{}/{}/{}", base_of(request), mount.prefix,
                                                     resource.path, id));
    finish(response, reply);
    return response;
}

}  // namespace yeyak::api::repairshop_routes
