// The routes of all systems, in one process: what they put into the log, and what they answer.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "api/routes/erasures.h"
#include "api/seal_gate.h"
#include "api/systems/vaccination/settings.h"
#include "program/systems.h"
#include "server/runtime.h"
#include "tests/api/temp_folder.h"

namespace yeyak::api {
namespace {

class Routes : public testing::Test {
  protected:
    void SetUp() override {
        config_.data = folder_.path() / "data";
        config_.now = parse_instant("2021-09-29T00:00:00Z");
        config_.systems.of<VaccinationSettings>().initial_stock = 10;
        auto started = server::Runtime::start(config_, program::server_platform(), io_, [] {});
        ASSERT_TRUE(started.has_value()) << started.error().detail;
        runtime_ = *std::move(started);
        const Server at{runtime_->commands(), runtime_->reads(), runtime_->upkeep(), config_};
        for (const auto* system : program::systems()) {
            if (system->begin) system->begin(at);
            system->add_routes(router_, at, Mount{"/" + std::string{system->name()}});
        }
        add_erasure_routes(router_, at);
    }

    boost::asio::awaitable<void> answer(http::Request& request, http::Response& response) {
        response = co_await router_.dispatch(request);
        done_ = true;
    }

    http::Response send(http::Method method, std::string path, std::string body) {
        http::Request request;
        request.method = method;
        request.target = path;
        request.path = std::move(path);
        request.correlation_id = "test";
        request.headers.add("Content-Type", "application/json");
        request.body = std::move(body);
        http::Response response;
        done_ = false;
        io_.restart();
        boost::asio::co_spawn(io_, answer(request, response), boost::asio::detached);
        while (!done_) io_.run_one_for(std::chrono::milliseconds{100});
        reveal_answer(runtime_->person_keys(), request, response.content_type, response.body);
        return response;
    }

    std::string post(std::string path, std::string body, int status = 201) {
        auto response = send(http::Method::post, std::move(path), std::move(body));
        EXPECT_EQ(response.status, status) << response.body;
        return response.body;
    }

    // Everything that is stored of everybody.
    std::string log() const {
        std::string all;
        for (const auto& event : runtime_->reads().log().read_all({})->events) {
            all += event->data.payload + event->stream + event->data.actor;
            for (const auto& tag : event->data.tags) all += tag;
        }
        for (int table = 1; table <= 9; ++table)
            for (const auto& entry : *runtime_->reads().log().entries(
                     static_cast<eventstore::Table>(table), "", "", 10'000))
                all += entry.key + entry.value;
        return all;
    }

    TempFolder folder_;
    server::ServeConfig config_;
    boost::asio::io_context io_;
    http::Router router_;
    std::unique_ptr<server::Runtime> runtime_;
    bool done_ = false;
};

TEST_F(Routes, seal_what_is_personal) {
    const auto order = post("/prereservation/preReservations",
                            R"({"userId":17,"userAddress":"Canary-A","productId":1,"productName":)"
                            R"("fold","price":1000,"cardNo":"4321-8765-1122-9900"})");
    EXPECT_TRUE(order.contains("Canary-A") && order.contains("4321-8765-****-9900")) << order;
    const auto user = post("/vaccination/user/reserve",
                           R"({"userName":"Canary-B","userRegNumber":"770102-1234567",)"
                           R"("reserveDate":"2021-10-05"})",
                           200);
    EXPECT_TRUE(user.contains("Canary-B") && user.contains("770102-1******")) << user;
    post("/market/product", R"({"productName":"Phone"})", 200);
    post("/market/reservation", R"({"productId":1,"customerId":3})", 200);
    send(http::Method::patch, "/market/paid", R"({"id":1,"cardNo":"6789-6789-6789-6789"})");
    const auto car = post("/repairshop/receipts", R"({"vehiNo":"Canary-C"})");
    EXPECT_TRUE(car.contains("CANARYC")) << car;
    const auto phone = post("/phoneshop/orders", R"({"item":"note21","qty":1,"address":"Canary-D",)"
                                                 R"("cardNo":"5555-6666-7777-1212"})");
    EXPECT_TRUE(phone.contains("Canary-D")) << phone;
    const auto kept = log();
    for (const auto* secret :
         {"Canary", "CANARYC", "4321-8765", "770102-1", "6789-6789", "5555-6666"})
        EXPECT_FALSE(kept.contains(secret)) << secret;
    EXPECT_TRUE(kept.contains(privacy::seal_mark));
}

TEST_F(Routes, leave_no_key_of_whoever_was_refused) {
    const auto reserve = [&](int person, std::string_view day, int status) {
        post("/vaccination/user/reserve",
             fmt::format(R"({{"userName":"Kim","userRegNumber":"770102-{}","reserveDate":"{}"}})",
                         1'000'000 + person, day),
             status);
    };
    for (int person = 0; person < 20; ++person) reserve(person, "2031-01-01", 422);
    reserve(3, "2021-10-05", 200);
    reserve(3, "2021-10-05", 409);
    const auto paid =
        send(http::Method::patch, "/market/paid", R"({"id":9,"cardNo":"6789-6789-6789-6789"})");
    EXPECT_EQ(paid.status, 404) << paid.body;
    runtime_ = nullptr;
    const auto keys = privacy::KeyStore::open(config_.data / "keys", false);
    ASSERT_TRUE(keys.has_value()) << keys.error().detail;
    EXPECT_EQ((*keys)->page("", 100)->size(), 1u);
}

TEST_F(Routes, erase_and_export) {
    post("/phoneshop/orders", R"({"item":"note21","qty":1,"address":"Canary-D"})");
    const auto before = log();
    const auto held = post("/audit/exports", R"({"person":"phoneshop/order:1","reason":"r"})", 200);
    EXPECT_TRUE(held.contains("Canary-D")) << held;
    post("/audit/erasures", R"({"person":"phoneshop/order:1","reason":"r"})");
    const auto after =
        post("/audit/exports", R"({"person":"phoneshop/order:1","reason":"r"})", 200);
    EXPECT_FALSE(after.contains("Canary-D")) << after;
    EXPECT_TRUE(after.contains(privacy::erased_text)) << after;
    EXPECT_TRUE(post("/audit/erasures", R"({"person":"phoneshop/order:1","reason":"r"})", 200)
                    .contains("nothing_left"));
    EXPECT_TRUE(post("/audit/erasures", R"({"person":"phoneshop/order:2","reason":"r"})", 404)
                    .contains("nothing_held"));
}

}  // namespace
}  // namespace yeyak::api
