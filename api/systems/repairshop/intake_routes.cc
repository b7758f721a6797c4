#include "api/systems/repairshop/intake_routes.h"

#include <fmt/format.h>

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/repairshop/intake.h"
#include "aggregates/repairshop/take_in.h"
#include "api/systems/repairshop/body.h"
#include "api/systems/repairshop/docs.h"
#include "api/systems/repairshop/resources.h"
#include "api/systems/repairshop/settings.h"
#include "api/systems/repairshop/wish.h"
#include "kernel/edge/log.h"
#include "kernel/ensure.h"
#include "kernel/normal_number.h"
#include "privacy/sealer.h"
#include "projections/repairshop/intakes.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;
using projections::RepairshopIntakes;
using namespace repairshop;
namespace common = repairshop_routes;

constexpr std::string_view desk = "repairshop.receipt";
constexpr CommandRoute take_route{"repairshop/take", desk, common::refusals};
constexpr CommandRoute change_route{"repairshop/change", desk, common::refusals,
                                    "receipt_not_found"};

constexpr std::string_view no_delivery =
    "배송 서비스를 지금 이용할 수 없습니다. 잠시 후 다시 시도해 주세요 "
    "(the delivery service is not available; please try again later)";
constexpr std::string_view no_payment =
    "결제 시스템에 문제가 있습니다. 잠시 후 결제해 주세요 "
    "(the payment system is not available; please pay later)";
constexpr std::string_view declined = "결제가 거절되었습니다 (the payment was declined)";

Response row(const Server& at, const Request& request, const Mount& mount, const Reply& reply,
             int status = 200) {
    return answer_row<RepairshopIntakes, IntakeContract>(at.reads, request, mount, common::receipts,
                                                         reply, status);
}

awaitable<Response> answer(const Server& at, const Mount& mount, Request& request,
                           const CommandRoute& route, Command command, int status,
                           std::string stream = {}) {
    auto answered = co_await answer_command<RepairshopIntakes, IntakeContract>(
        at, mount, common::receipts, request, route, "reception", std::move(command), status, {},
        std::move(stream));
    co_return answered;
}

awaitable<Response> take(const Server& at, const Mount& mount, Request& request) {
    auto body = intake_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const bool imports = body->stat && new_receipt_wish(*body->stat) == Wish::import;
    if (imports && at.config.of<RepairshopSettings>().mode != "async")
        co_return problem(422, "invalid_value",
                          "a receipt that is to be delivered at once can be taken with "
                          "delivery.mode=async only; request a repair first",
                          "stat");
    const auto intake = imports ? IntakeKind::import : IntakeKind::repair;
    privacy::VehicleNumber number{normal_number(body->vehi_no.plain())};
    auto person = repairshop_routes::vehicle_name(number.plain());
    auto sealed = [intake, number](const privacy::Sealer& seal) -> server::Decide {
        return
            [intake, vehi_no = seal(number)](Unit& unit) { return take_in(unit, intake, vehi_no); };
    };
    server::PersonalCommand command{std::move(person), std::move(sealed)};
    auto taken = co_await answer(at, mount, request, take_route, std::move(command), 201);
    co_return taken;
}

awaitable<Response> change(const Server& at, const Mount& mount, Request& request,
                           IntakeCommand command) {
    const std::string id{request.parameter("id")};
    auto decide = [command, id](Unit& unit) { return unit.execute<IntakeContract>(id, command); };
    auto changed = co_await answer(at, mount, request, change_route, std::move(decide), 200,
                                   yeyak::stream_of(IntakeContract::category, id));
    co_return changed;
}

awaitable<Response> deliver(const Server& at, const Mount& mount, Request& request,
                            std::int64_t id) {
    const auto& config = at.config.of<RepairshopSettings>();
    const RequestDelivery command{id, config.requires_payment};
    if (config.mode == "async") {
        auto accepted = co_await change(at, mount, request, command);
        co_return accepted;
    }
    const auto call = co_await at.commands.call("delivery", config.timeout_ms);
    if (!call) co_return not_called(request, "delivery", call.error(), no_delivery);
    auto delivered = co_await change(at, mount, request, command);
    co_return delivered;
}

// --- payment ----------------------------------------------------------------------------------

// How an attempt to pay ended; nothing for any other event.
std::optional<std::int64_t> attempt_ended(const eventstore::RecordedEvent& event) {
    const auto typed = decode_event<IntakeEvent>(event.data.type, event.data.payload);
    ensure(typed.has_value(), "an event that was written can be read");
    if (const auto* paid = std::get_if<IntakePaid>(&*typed)) return paid->attempt;
    if (const auto* failed = std::get_if<IntakePaymentFailed>(&*typed)) return failed->attempt;
    return std::nullopt;
}

// The end of the payment that a command asked for, or nothing yet. It follows from the stream
// alone, so that a repeated request gets the same answer.
StoreResult<EventPtr> outcome_of(const Server& at, const Reply& asked) {
    eventstore::StreamQuery query;
    query.stream = asked.stream;
    query.from = 1;
    std::int64_t attempt = 0;
    for (bool more = true; more; query.from += query.max_events) {
        const auto page = at.reads.log().read_stream(query);
        if (!page) return std::unexpected(page.error());
        for (const auto& event : page->events) {
            if (event->version <= asked.version && event->data.type == PaymentRequested::type)
                ++attempt;
            if (attempt > 0 && attempt_ended(*event) == attempt) {
                const bool last = event->version >= asked.version;
                if (last || event->data.type == IntakePaid::type) return event;
            }
        }
        more = !page->end;
    }
    return nullptr;
}

Response not_paid(const Request& request, const EventPtr& event) {
    const auto failed = decode_event<IntakeEvent>(event->data.type, event->data.payload);
    const auto why = std::get<IntakePaymentFailed>(*failed).reason;
    const auto code = boost::describe::enum_to_string(why, "");
    const bool refused = why == PaymentFailure::payment_declined;
    std::string message{refused ? declined : no_payment};
    if (request.header("Idempotency-Key"))
        message += "; this key keeps this answer, try again with a new one";
    return refused ? problem(402, code, message)
                   : not_called(request, "repairshop.payment", code, message);
}

Response paid_or_not(const Server& at, const Request& request, const Mount& mount, Reply reply) {
    const auto outcome = outcome_of(at, reply);
    if (!outcome) return problem_of(outcome.error());
    if (!*outcome) return row(at, request, mount, reply, 202);
    reply.version = std::max(reply.version, (*outcome)->version);
    reply.position = std::max(reply.position, (*outcome)->position);
    if ((*outcome)->data.type == IntakePaid::type) return row(at, request, mount, reply);
    auto response = not_paid(request, *outcome);
    finish(response, reply);
    return response;
}

awaitable<Response> pay(const Server& at, const Mount& mount, Request& request, std::int64_t id,
                        Won pay_amt) {
    if (!at.commands.is_up("repairshop.payment"))
        co_return not_called(request, "repairshop.payment", code_of(Ended::context_down),
                             no_payment);
    // Filled in when the command is decided, on the thread that also asks for the end of the wait.
    // A repeated request is not decided again and waits for nothing.
    const auto attempt = std::make_shared<std::int64_t>(0);
    auto decide = [id, pay_amt, attempt](Unit& unit) {
        const auto number = std::to_string(id);
        auto verdict = unit.execute<IntakeContract>(number, RequestPayment{id, pay_amt});
        if (const auto* taken = std::get_if<Taken>(&state_in<Intake>(unit, number)))
            *attempt = taken->attempt;
        return verdict;
    };
    auto awaited = co_await run_command_until(
        at.commands, request, change_route, "customer", std::move(decide),
        [attempt](const auto& event) { return *attempt == 0 || attempt_ended(event) == *attempt; },
        stream_of<IntakeContract>(id));
    if (!awaited) co_return std::move(awaited).error();
    co_return paid_or_not(at, request, mount, std::move(awaited->reply));
}

awaitable<Response> patch(const Server& at, const Mount& mount, Request& request) {
    const auto id = id_of(request);
    if (!id) co_return id.error();
    const auto body = intake_change_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const auto wish = receipt_wish(body->stat);
    if (wish == Wish::payment && !body->pay_amt)
        co_return problem(422, "invalid_value", "payAmt must be there to request a payment",
                          "payAmt");
    Response response;
    if (wish == Wish::payment)
        response = co_await pay(at, mount, request, *id, *body->pay_amt);
    else if (wish == Wish::delivery)
        response = co_await deliver(at, mount, request, *id);
    else
        response = co_await change(at, mount, request, RequestRepairCancel{*id});
    co_return response;
}

}  // namespace

void add_intake_routes(http::Router& router, const Server& at, const Mount& mount) {
    namespace docs = repairshop_docs;
    router.add({http::Method::post, mount.prefix + "/receipts",
                [at, mount](Request& request) { return take(at, mount, request); },
                docs::take_in(at.config.limits)});
    router.add({http::Method::patch, mount.prefix + "/receipts/{id}",
                [at, mount](Request& request) { return patch(at, mount, request); },
                docs::change_receipt(at.config.limits)});
}

}  // namespace yeyak::api
