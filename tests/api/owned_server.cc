#include "tests/api/owned_server.h"

#include <algorithm>
#include <boost/asio/use_future.hpp>
#include <thread>

#include "aggregates/engine/contexts.h"
#include "api/routes/audit.h"
#include "api/routes/row_history.h"
#include "api/seal_gate.h"
#include "api/systems/phoneshop/settings.h"
#include "api/systems/repairshop/settings.h"
#include "api/systems/vaccination/settings.h"
#include "program/systems.h"
#include "projections/runner/row_fields.h"

namespace yeyak::api {
namespace {

using namespace std::chrono_literals;
using http::Method;

// He may name the actor, so that he is named in the one way that there is without tokens, too.
std::shared_ptr<http::Caller> caller_of(std::string subject, http::Reach reach) {
    auto caller = std::make_shared<http::Caller>();
    caller->subject = std::move(subject);
    caller->may_name_actor = true;
    caller->reach = reach;
    return caller;
}

void read_target(http::Request& request) {
    const auto mark = request.target.find('?');
    request.path = request.target.substr(0, mark);
    if (mark == std::string::npos) return;
    std::string_view query = request.target;
    query.remove_prefix(mark + 1);
    while (!query.empty()) {
        const auto part = query.substr(0, query.find('&'));
        const auto equals = part.find('=');
        request.query.add(std::string{part.substr(0, equals)},
                          std::string{part.substr(equals + 1)});
        query.remove_prefix(std::min(query.size(), part.size() + 1));
    }
}

}  // namespace

CallerPtr customer(std::int64_t number) {
    auto caller = caller_of(fmt::format("user:{}", number), http::Reach::own);
    caller->customer = number;
    return caller;
}
CallerPtr named(std::string subject) { return caller_of(std::move(subject), http::Reach::own); }
CallerPtr staff(std::string subject) { return caller_of(std::move(subject), http::Reach::all); }

void OwnedServer::SetUp() {
    config_.data = folder_.path() / "data";
    config_.now = parse_instant("2021-09-29T00:00:00Z");
    config_.read_wait_ms = 60'000;
    config_.systems.of<PhoneshopSettings>().shipping_delay_ms = 0;
    config_.systems.of<RepairshopSettings>().mode = "async";
    config_.systems.of<VaccinationSettings>().initial_stock = 100;
    auto started = server::Runtime::start(config_, program::server_platform(), io_, [] {});
    ASSERT_TRUE(started.has_value()) << started.error().detail;
    runtime_ = *std::move(started);
    const Server at{runtime_->commands(), runtime_->reads(), runtime_->upkeep(), config_};
    for (const auto* system : program::systems()) {
        if (system->begin) system->begin(at);
        system->add_routes(router_, at, Mount{"/" + std::string{system->name()}});
    }
    add_audit_routes(router_, at.reads, at.upkeep, program::all_personal_streams());
    add_row_history_route(router_, at.reads);
}

boost::asio::awaitable<void> OwnedServer::answer(http::Request& request, http::Response& response) {
    response = co_await router_.dispatch(request);
    done_ = true;
}

http::Response OwnedServer::send(const CallerPtr& caller, Sent sent) {
    http::Request request;
    request.method = sent.method;
    request.target = std::move(sent.target);
    read_target(request);
    request.correlation_id = "test";
    request.headers = std::move(sent.headers);
    if (!sent.body.empty()) request.headers.add("Content-Type", "application/json");
    if (caller) request.headers.add("X-Actor", caller->subject);
    request.body = std::move(sent.body);
    request.caller = caller;
    http::Response response;
    done_ = false;
    io_.restart();
    boost::asio::co_spawn(io_, answer(request, response), boost::asio::detached);
    while (!done_) io_.run_one_for(100ms);
    reveal_answer(runtime_->person_keys(), request, response.content_type, response.body);
    return response;
}

std::string OwnedServer::read(const CallerPtr& caller, const std::string& target) {
    const auto sign = target.contains('?') ? '&' : '?';
    auto response = get(caller, fmt::format("{}{}minPosition={}", target, sign, head()));
    EXPECT_EQ(response.status, 200) << target << ": " << response.body;
    return response.body;
}

void OwnedServer::stop(std::string context) {
    auto stopped = boost::asio::co_spawn(
        io_, runtime_->commands().set_context(std::move(context), {.state = ContextState::down}),
        boost::asio::use_future);
    io_.restart();
    while (stopped.wait_for(0s) != std::future_status::ready) io_.run_one_for(10ms);
    EXPECT_TRUE(stopped.get().has_value());
}

std::size_t OwnedServer::written_by(std::string_view actor) const {
    const auto page = runtime_->reads().log().read_all({});
    EXPECT_TRUE(page.has_value() && page->end);
    return static_cast<std::size_t>(std::ranges::count_if(
        page->events, [&](const auto& event) { return event->data.actor == actor; }));
}

bool OwnedServer::comes(const std::string& target, std::string_view text) {
    // An I/O context without work returns at once, so the time passes here.
    for (int i = 0; i < 3'000; ++i) {
        if (read(nullptr, target).contains(text)) return true;
        io_.restart();
        io_.poll();
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

std::int64_t OwnedServer::number_of(const http::Response& made) const {
    EXPECT_LT(made.status, 300) << made.body;
    const auto id = projections::field_of(made.body, "id");
    return std::holds_alternative<std::int64_t>(id) ? std::get<std::int64_t>(id) : 0;
}

std::int64_t OwnedServer::reserve_phone(const CallerPtr& caller, std::int64_t user) {
    const auto body =
        fmt::format(R"({{"userId":{},"userAddress":"Seoul","productId":{},"productName":"fold",)"
                    R"("price":{},"cardNo":"1234-1234-1234-1234"}})",
                    user, user + 10, 1'000 + head());
    const auto id = number_of(post(caller, "/prereservation/preReservations", body));
    EXPECT_TRUE(comes(fmt::format("/prereservation/myReservations/{}", id), "receipt_issued"));
    return id;
}

std::int64_t OwnedServer::buy_product(const CallerPtr& caller,
                                      std::optional<std::int64_t> customer) {
    const auto product =
        number_of(post(staff("seller"), "/market/product", R"({"productName":"Phone"})"));
    const auto by = customer ? fmt::format(R"(,"customerId":{})", *customer) : "";
    const auto id = number_of(
        post(caller, "/market/reservation", fmt::format(R"({{"productId":{}{}}})", product, by)));
    const auto paid = patch(caller, "/market/paid", fmt::format(R"({{"id":{}}})", id));
    EXPECT_EQ(paid.status, 200) << paid.body;
    EXPECT_TRUE(comes("/market/notices?kind=paid", fmt::format("market-paid-{}", id)));
    return id;
}

std::int64_t OwnedServer::be_vaccinated(const CallerPtr& caller, int person) {
    const auto id = number_of(
        post(caller, "/vaccination/user/reserve",
             fmt::format(
                 R"({{"userName":"Kim","userRegNumber":"770102-{}","reserveDate":"2021-10-05"}})",
                 1'000'000 + person)));
    EXPECT_TRUE(comes(fmt::format("/vaccination/dashboard/list?userId={}", id), "RESERVE"));
    return id;
}

std::int64_t OwnedServer::have_repaired(const CallerPtr& caller, std::string_view plate) {
    const auto id =
        number_of(post(caller, "/repairshop/receipts", fmt::format(R"({{"vehiNo":"{}"}})", plate)));
    const auto row = fmt::format("/repairshop/receipts/{}", id);
    const auto repair = fmt::format("/repairshop/repairs/{}", id);
    EXPECT_EQ(patch(staff(), repair, R"({"stat":"REPAIRED","repairAmt":5000})").status, 200);
    EXPECT_EQ(patch(caller, row, R"({"stat":"PAYMENTREQUESTED","payAmt":5000})").status, 200);
    EXPECT_EQ(patch(staff(), row, R"({"stat":"DELIVERYREQUESTED"})").status, 200);
    EXPECT_TRUE(comes(fmt::format("/repairshop/displays/{}", id), "DELIVERYSTARTED"));
    return id;
}

std::int64_t OwnedServer::order_phone(const CallerPtr& caller) {
    const auto id = number_of(post(caller, "/phoneshop/orders",
                                   R"({"item":"note21","qty":1,"price":900,"address":"Seoul"})"));
    EXPECT_TRUE(comes(fmt::format("/phoneshop/orders/{}", id), "Shipped"));
    return id;
}

}  // namespace yeyak::api
