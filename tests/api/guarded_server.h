// A server within a test that asks for tokens: all routes, the table of who may use them, and a key
// that makes tokens; without sockets.
#pragma once
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/access/front_door.h"
#include "auth/issuer.h"
#include "kernel/edge/clock.h"
#include "program/serve.h"
#include "program/systems.h"
#include "server/auth/tokens.h"
#include "server/runtime.h"
#include "tests/api/temp_folder.h"

namespace yeyak::program {

class GuardedServer : public ::testing::Test {
  protected:
    static constexpr std::int64_t hour_ms = 3'600'000;

    void SetUp() override {
        config_.data = folder_.path() / "data";
        config_.system = "prereservation";
        config_.auth.mode = "jwt";
        auto started = server::Runtime::start(config_, server_platform(), io_, [] {});
        ASSERT_TRUE(started.has_value()) << started.error().detail;
        runtime_ = *std::move(started);
        table_ = access_table(config_.system);
        issuer_ = *auth::Issuer::make(auth::own_key_file_in(config_.data));
        stranger_ = *auth::Issuer::make(folder_.path() / "stranger.key");
        auto tokens = server::Tokens::open(config_, runtime_->reads().log(), clock_);
        ASSERT_TRUE(tokens.has_value()) << tokens.error().detail;
        tokens_ = *std::move(tokens);
        const api::Server at{runtime_->commands(), runtime_->reads(), runtime_->upkeep(), config_};
        add_all_routes(
            router_, at, *tokens_, runtime_->metrics(),
            {loop_, [] { return http::ServerReport{}; }, std::make_shared<http::Places>(10)},
            draining_, &table_);
        api::FrontDoorParts parts;
        parts.authenticate = [this](std::string token) {
            return tokens_->authenticate(std::move(token));
        };
        parts.now = [this] { return clock_.now(); };
        parts.on_refused = [this](const http::Request&, auth::Fault why) {
            faults_.push_back(why);
        };
        door_.emplace(table_, std::move(parts));
    }

    // A token that is good, unless something is said otherwise.
    struct Wish {
        std::string subject = "user:1";
        std::vector<std::string> roles = {};
        std::string audience = "yeyak";
        std::int64_t issued_ms_ago = 0;
        std::vector<std::string> may_read = {};
        std::vector<std::string> may_write = {};
    };
    std::string token_of(const Wish& wish) const { return token_of(wish, *issuer_); }
    std::string token_of(const Wish& wish, const auth::Issuer& issuer) const {
        const auth::Grant grant{wish.subject, wish.audience, wish.roles,
                                std::nullopt, wish.may_read, wish.may_write};
        auto token = issuer.mint(grant, hour_ms, Instant{clock_.now().ms - wish.issued_ms_ago});
        EXPECT_TRUE(token.has_value()) << token.error();
        return "Bearer " + token.value_or("");
    }

    struct Ask {
        http::Method method = http::Method::get;
        std::string target;
        std::string token = {};  // of Authorization; empty: the field is not there
        std::string body = {};
        http::Headers headers = {};
        Parameters query = {};
    };
    http::Request request_of(const Ask& ask) {
        http::Request request;
        request.method = ask.method;
        request.target = ask.target;
        request.path = ask.target;
        request.query = ask.query;
        request.headers = ask.headers;
        if (!ask.token.empty()) request.headers.add("Authorization", ask.token);
        if (!ask.body.empty()) request.headers.add("Content-Type", "application/json");
        request.body = ask.body;
        request.correlation_id = "c-1";
        request.peer = "192.0.2.7";
        return request;
    }
    // As the server does it: find the route, ask at the door, run it.
    boost::asio::awaitable<http::Response> answer(http::Request& request) {
        auto found = router_.resolve(request);
        auto denied = co_await door_->admit(request, found.route);
        if (denied) co_return *std::move(denied);
        if (found.answer) co_return *std::move(found.answer);
        auto response = co_await http::Router::run(
            *found.route, request, [](const http::Request& failed, std::string_view what) {
                ADD_FAILURE() << failed.target << ": " << what;
            });
        co_return response;
    }
    http::Response send(const Ask& ask) {
        auto request = request_of(ask);
        return run(answer(request));
    }

    template <class T>
    T run(boost::asio::awaitable<T> work) {
        using namespace std::chrono_literals;
        auto done = boost::asio::co_spawn(io_, std::move(work), boost::asio::use_future);
        io_.restart();
        while (done.wait_for(0s) != std::future_status::ready) io_.run_one_for(10ms);
        return done.get();
    }

    api::TempFolder folder_;
    server::ServeConfig config_;
    Clock clock_;
    boost::asio::io_context io_;
    LoopWatch loop_{std::chrono::seconds{10}, [](auto, std::string_view) {}};
    std::atomic<bool> draining_ = false;
    std::unique_ptr<server::Runtime> runtime_;
    api::AccessTable table_;
    http::Router router_;
    std::optional<auth::Issuer> issuer_;
    std::optional<auth::Issuer> stranger_;  // with a key that nobody trusts
    std::unique_ptr<server::Tokens> tokens_;
    std::optional<api::FrontDoor> door_;
    std::vector<auth::Fault> faults_;
};

}  // namespace yeyak::program
