#include "api/systems/repairshop/routes.h"

#include <fmt/format.h>

#include "aggregates/engine/unit.h"
#include "aggregates/repairshop/repair_contract.h"
#include "api/systems/repairshop/body.h"
#include "api/systems/repairshop/docs.h"
#include "api/systems/repairshop/intake_routes.h"
#include "api/systems/repairshop/resources.h"
#include "api/systems/repairshop/wish.h"
#include "projections/repairshop/repairs.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;
using namespace repairshop;
namespace common = repairshop_routes;

// A part of which nothing was heard yet has no status.
std::vector<std::string> or_none(std::vector<std::string> words) {
    words.emplace_back();
    return words;
}

const ViewResource payments{
    .view = "repairshop.payments",
    .path = "payments",
    .item = "payment",
    .filters = {"stat"},
    .indexed = {"stat"},
    .sortable = {"id", "payAmt", "stat", "createdAt", "modifiedAt"},
    .words = {{"stat", {"PAYMENTREQUESTED", "PAID", "PAYMENTDECLINED", "PAYMENTUNAVAILABLE"}}}};
const ViewResource deliveries{.view = "repairshop.deliveries",
                              .path = "deliveries",
                              .item = "delivery",
                              .filters = {"vehiNo"},
                              .indexed = {"vehiNo"},
                              .sortable = {"id", "vehiNo", "createdAt"},
                              .sealed = {common::vehicle}};
const ViewResource displays{
    .view = "repairshop.displays",
    .path = "displays",
    .item = "display",
    .filters = {"receiptStat", "repairStat", "payStat", "deliveryStat", "vehiNo"},
    .indexed = {"receiptStat", "vehiNo"},
    .sortable = {"id", "vehiNo", "receiptStat", "repairAmt", "payAmt", "createdAt", "modifiedAt"},
    .sealed = {common::vehicle},
    .words = {
        {"receiptStat", or_none(common::stat_words<IntakeStat>())},
        {"repairStat", or_none(common::stat_words<RepairStat>())},
        {"payStat", {"", "PAYMENTREQUESTED", "PAID", "PAYMENTDECLINED", "PAYMENTUNAVAILABLE"}},
        {"deliveryStat", {"", "DELIVERYREQUESTED", "DELIVERYSTARTED"}}}};

constexpr CommandRoute repair_route{"repairshop/repair", "repair", common::refusals,
                                    "repair_not_found"};

std::expected<RepairCommand, Response> command_of(Wish wish, std::int64_t id,
                                                  const RepairChange& body) {
    if (wish == Wish::accept_repair) return AcceptRepair{id};
    if (wish == Wish::reject_repair) return RejectRepair{id};
    if (wish == Wish::cancel_repair) return CancelRepair{id};
    const auto amount = body.repair_amt ? body.repair_amt : body.reapir_amt;
    if (!amount)
        return std::unexpected(problem(
            422, "invalid_value", "repairAmt must be there to complete a repair", "repairAmt"));
    if (body.reapir_amt && body.reapir_amt != amount)
        return std::unexpected(problem(422, "invalid_value",
                                       "repairAmt and reapirAmt are the same amount; send one",
                                       "reapirAmt"));
    return CompleteRepair{id, *amount};
}

awaitable<Response> patch_repair(const Server& at, const Mount& mount, Request& request) {
    const auto id = id_of(request);
    if (!id) co_return id.error();
    const auto body = repair_change_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const auto command = command_of(repair_wish(body->stat), *id, *body);
    if (!command) co_return command.error();
    auto decide = [command = *command, number = std::to_string(*id)](Unit& unit) {
        return unit.execute<RepairContract>(number, command);
    };
    auto changed = co_await answer_command<projections::Repairs, RepairContract>(
        at, mount, common::repairs, request, repair_route, "repairshop", std::move(decide), 200, {},
        stream_of<RepairContract>(*id));
    co_return changed;
}

}  // namespace

void add_repairshop_routes(http::Router& router, const Server& at, const Mount& mount) {
    add_intake_routes(router, at, mount);
    router.add({http::Method::patch, mount.prefix + "/repairs/{id}",
                [at, mount](Request& request) { return patch_repair(at, mount, request); },
                repairshop_docs::change_repair(at.config.limits)});
    for (const auto* resource :
         {&common::receipts, &common::repairs, &payments, &deliveries, &displays})
        add_view_routes(router, at.reads, mount, *resource, "repairshop");
}

}  // namespace yeyak::api
