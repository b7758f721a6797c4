#include "api/systems/vaccination/routes.h"

#include <fmt/format.h>

#include <random>
#include <ranges>

#include "aggregates/engine/people.h"
#include "aggregates/vaccination/appointment_contract.h"
#include "aggregates/vaccination/desk.h"
#include "api/routes/command.h"
#include "api/routes/row_at.h"
#include "api/routes/view_page.h"
#include "api/systems/vaccination/body.h"
#include "api/systems/vaccination/dates.h"
#include "api/systems/vaccination/docs.h"
#include "api/systems/vaccination/probes.h"
#include "api/systems/vaccination/settings.h"
#include "kernel/edge/log.h"
#include "kernel/ensure.h"
#include "privacy/sealer.h"
#include "privacy/vault.h"
#include "projections/vaccination/users.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::Request;
using http::Response;
using namespace vaccination;

constexpr std::string_view system_name = "vaccination";

const ViewResource users{.view = "vaccination.users",
                         .path = "users",
                         .item = "user",
                         .filters = {"userName", "reserveStatus", "reserveDate", "vaccineType"},
                         .indexed = {"reserveStatus"},
                         .sortable = {"id", "reserveDate", "modifyDate"}};
const ViewResource reservations{.view = "vaccination.reservations",
                                .path = "reservations",
                                .item = "reservation",
                                .filters = {"userId", "reserveStatus", "reserveDate"},
                                .indexed = {"reserveStatus", "reserveDate"},
                                .sortable = {"id", "reserveDate"}};
const ViewResource hospitals{.view = "vaccination.hospitals",
                             .path = "hospitals",
                             .item = "hospital",
                             .filters = {"userId", "vaccineType", "reserveStatus", "reserveDate"},
                             .indexed = {"vaccineType", "reserveStatus"},
                             .sortable = {"id", "reserveDate", "injectDate"}};
const ViewResource stocks{.view = "vaccination.stocks",
                          .path = "stocks",
                          .item = "stock",
                          .filters = {"vaccineType", "reservationId"},
                          .indexed = {"vaccineType"},
                          .sortable = {"id", "vaccineType", "movedAt"}};
const ViewResource supplies{.view = "vaccination.supplies",
                            .path = "supplies",
                            .item = "supply",
                            .filters = {},
                            .indexed = {},
                            .sortable = {"id", "available"},
                            .key = ViewResource::Key::text};
const ViewResource dashboard{.view = "vaccination.dashboard",
                             .path = "dashboard/list",
                             .item = "row",
                             .filters = {"userId", "reserveStatus", "reserveDate", "vaccineType"},
                             .indexed = {"userId", "reserveStatus", "vaccineType"},
                             .sortable = {"id", "reserveDate", "cancelDate", "injectDate"},
                             .plain = true};

constexpr Refusal refusals[] = {
    {"user_not_found", 404, "there is no such user"},
    {"date_not_offered", 422, "reserveDate must be one of the days that /user/date lists"},
    {"already_reserved", 409, "this person has an active reservation; cancel it first"},
    {"date_not_available", 409, "all places of this day are taken; choose another one"},
    {"vaccine_unavailable", 409, "no vaccine is in stock; try again later"},
    {"already_cancelled", 409, "the reservation was cancelled before"},
    {"already_injected", 409, "the user was injected already"},
    {"appointment_not_found", 409, "the reservation has not reached the hospital yet"},
    {"vaccine_not_ready", 409, "the vaccine for this user is not there yet"},
    {"day_not_come", 409, "the day of the reservation has not come yet"},
    {"no_show", 409, "the user did not come on the day; a new reservation is needed"},
};
constexpr CommandRoute reserve_route{"vaccination/reserve", "user", refusals};
constexpr CommandRoute cancel_route{"vaccination/cancel", "user", refusals, "user_not_found"};
constexpr CommandRoute inject_route{"vaccination/inject", "hospital", refusals,
                                    "appointment_not_found"};
constexpr CommandRoute no_show_route{"vaccination/no-show", "hospital", refusals,
                                     "appointment_not_found"};

// Draws lots for the choice of a vaccine. One thread.
using Lots = std::shared_ptr<std::mt19937_64>;

std::vector<std::string> vaccine_types(const server::ServeConfig& config) {
    std::vector<std::string> types;
    for (const auto part : std::views::split(config.of<VaccinationSettings>().types, ','))
        types.emplace_back(std::string_view{part});
    return types;
}

// The user as of the reply, so that a repeated request gets the same answer.
Response user_at(const Server& at, const Reply& reply) {
    const auto row = row_at<projections::VaccinationUsers, UserContract>(at.reads, reply);
    if (!row) return problem_of(row.error());
    auto response = http::json(200, *row);
    finish(response, reply);
    return response;
}

awaitable<Response> reserve(const Server& at, Lots lots, Request& request) {
    auto body = reserve_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    auto person = at.commands.vault().person(body->user_reg_number);
    ensure(person.has_value(), "the body's registration number is one");
    UserReservationRequested wished;
    wished.person = person->token;
    wished.reserve_date = body->reserve_date;
    wished.capacity = static_cast<std::int32_t>(at.config.of<VaccinationSettings>().daily_capacity);
    wished.vaccine_types = vaccine_types(at.config);
    auto sealed = [wished, draw = (*lots)(), name = std::move(body->user_name),
                   number =
                       std::move(person->masked)](const privacy::Sealer& seal) -> server::Decide {
        auto wish = wished;
        wish.user_name = seal(name);
        wish.user_reg_number = seal(number);
        return [wish, draw](Unit& unit) { return request_reservation(unit, wish, draw); };
    };
    server::PersonalCommand command{person_name(system_name, "person", person->token),
                                    std::move(sealed)};
    const auto reply =
        co_await run_command(at.commands, request, reserve_route, "user", std::move(command));
    if (!reply) co_return reply.error();
    co_return user_at(at, *reply);
}

awaitable<Response> cancel(const Server& at, Request& request) {
    const auto body = cancel_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    Who who{body->user_id, ""};
    if (const auto* caller = bound_caller(request)) who.made_by = owner_name(*caller);
    if (body->user_reg_number) {
        auto person = at.commands.vault().person(*body->user_reg_number);
        ensure(person.has_value(), "the body's registration number is one");
        who.person = std::move(person->token);
    }
    auto decide = [who](Unit& unit) { return cancel_reservation(unit, who); };
    // Which user a registration number means is known when it is decided, and not before.
    auto stream = who.user ? stream_of<UserContract>(*who.user) : std::string{};
    const auto reply = co_await run_command(at.commands, request, cancel_route, "user",
                                            std::move(decide), std::move(stream));
    if (!reply) co_return reply.error();
    co_return user_at(at, *reply);
}

// "20210929090000", in Seoul, as the original's events have it.
std::string seoul_timestamp(Instant at) {
    std::string digits;
    for (const char c : to_text(at + 9 * 3'600'000))
        if (c >= '0' && c <= '9' && digits.size() < 14) digits += c;
    return digits;
}

std::string told(const VaccineInjected& e, Instant at) {
    return fmt::format(R"({{"eventType":"VaccineInjected","timestamp":"{}","id":{},"userId":{},)"
                       R"("injectDate":"{}","vaccineType":"{}"}})",
                       seoul_timestamp(at), e.id, e.user_id, to_text(e.inject_date),
                       e.vaccine_type);
}

std::string told(const NoShowRecorded& e, Instant at) {
    return fmt::format(R"({{"eventType":"NoShowRecorded","timestamp":"{}","id":{},"userId":{},)"
                       R"("reserveDate":"{}"}})",
                       seoul_timestamp(at), e.id, e.user_id, to_text(e.reserve_date));
}

// What the hospital says of a user; `E` is the event that ends the appointment.
template <class E>
awaitable<Response> end_appointment(const Server& at, Request& request, const CommandRoute& route,
                                    Verdict (*ask)(Unit& unit, std::int64_t user)) {
    const auto body = hospital_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    auto decide = [ask, user = body->user_id](Unit& unit) { return ask(unit, user); };
    const auto reply =
        co_await run_command(at.commands, request, route, "hospital", std::move(decide),
                             stream_of<AppointmentContract>(body->user_id));
    if (!reply) co_return reply.error();
    const auto history = history_of(at.reads, *reply);
    if (!history) co_return problem_of(history.error());
    const auto& last = *history->back();
    const auto event = decode_event<AppointmentEvent>(last.data.type, last.data.payload);
    ensure(event && std::holds_alternative<E>(*event),
           "the newest event of an appointment that has ended is its end");
    auto response = http::json(200, told(std::get<E>(*event), last.time));
    finish(response, *reply);
    co_return response;
}

void add_lists(http::Router& router, const Server& at, const Mount& mount) {
    for (const auto* resource : {&users, &reservations, &hospitals, &stocks, &supplies})
        add_view_routes(router, at.reads, mount, *resource, system_name);
    // The gateway of the original named its services in the singular.
    for (auto [resource, path] :
         {std::pair{stocks, "stock"}, {hospitals, "hospital"}, {reservations, "reservation"}}) {
        resource.path = path;
        add_view_routes(router, at.reads, mount, resource, system_name);
    }
    router.add({http::Method::get, mount.prefix + "/dashboard/list",
                [at, mount](Request& request) {
                    return answer_list(at.reads, mount, dashboard, request, {});
                },
                list_doc(at.reads, dashboard, system_name)});
    auto of_type = list_doc(at.reads, dashboard, system_name);
    of_type.summary = "List dashboard rows of one vaccine";
    of_type.parameters.push_back({"vaccineType", "path", "string", true, "such as Pfizer"});
    router.add({http::Method::get, mount.prefix + "/dashboard/list/{vaccineType}",
                [at, mount](Request& request) {
                    Filters type{{"vaccineType", std::string{request.parameter("vaccineType")}}};
                    return answer_list(at.reads, mount, dashboard, request, std::move(type));
                },
                std::move(of_type)});
}

}  // namespace

void begin_vaccination(const Server& at) {
    at.commands.submit_at_start([types = vaccine_types(at.config),
                                 count = at.config.of<VaccinationSettings>().initial_stock](
                                    Unit& unit) { return fill_stock(unit, types, count); });
}

awaitable<void> close_vaccination_days(const Server& at) {
    if (at.config.of<VaccinationSettings>().no_show != "end_of_day") co_return;
    const auto more = std::make_shared<bool>(true);
    while (*more) {
        *more = false;  // unless it is decided and says otherwise
        server::CommandCall call;
        call.cause = {"end-of-day", "end-of-day", "system"};
        call.command = [more](Unit& unit) { return close_days(unit, *more); };
        const auto closed = co_await at.commands.execute_and_await(std::move(call), nullptr);
        if (!closed) log::warning("day_not_closed", {{"detail", closed.error().detail}});
    }
}

void add_vaccination_routes(http::Router& router, const Server& at, const Mount& mount) {
    namespace docs = vaccination_docs;
    std::random_device device;
    const auto lots = std::make_shared<std::mt19937_64>(std::uint64_t{device()} << 32 | device());
    const auto post = [&](std::string_view path, http::Handler handler, http::RouteDoc doc) {
        router.add({http::Method::post, fmt::format("{}{}", mount.prefix, path), std::move(handler),
                    std::move(doc)});
    };
    post(
        "/user/date", [at](Request& request) { return look_up_dates(at, request); },
        docs::dates(at.config.limits));
    post(
        "/user/reserve", [at, lots](Request& request) { return reserve(at, lots, request); },
        docs::reserve(at.config.limits));
    post(
        "/user/cancel", [at](Request& request) { return cancel(at, request); },
        docs::cancel(at.config.limits));
    post(
        "/hospital/inject",
        [at](Request& request) {
            return end_appointment<VaccineInjected>(at, request, inject_route,
                                                    &vaccination::inject);
        },
        docs::inject(at.config.limits));
    post(
        "/hospital/no-show",
        [at](Request& request) {
            return end_appointment<NoShowRecorded>(at, request, no_show_route, &record_no_show);
        },
        docs::no_show(at.config.limits));
    add_lists(router, at, mount);
    add_vaccination_probes(router, at.upkeep, mount);
}

}  // namespace yeyak::api
