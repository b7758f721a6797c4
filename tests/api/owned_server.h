// The routes of all systems in one process, asked by callers of all kinds.
#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/router.h"
#include "server/config/config.h"
#include "server/runtime.h"
#include "tests/api/temp_folder.h"

namespace yeyak::api {

// Who asks; null is the open mode.
using CallerPtr = std::shared_ptr<const http::Caller>;

CallerPtr customer(std::int64_t number);         // "user:17", reaches his own
CallerPtr named(std::string subject);            // reaches his own, has no number
CallerPtr staff(std::string subject = "clerk");  // reaches all

class OwnedServer : public testing::Test {
  protected:
    void SetUp() override;

    struct Sent {
        http::Method method = http::Method::get;
        std::string target;
        std::string body = {};
        http::Headers headers = {};
    };
    http::Response send(const CallerPtr& caller, Sent sent);
    http::Response get(const CallerPtr& caller, std::string target) {
        return send(caller, {http::Method::get, std::move(target)});
    }
    http::Response post(const CallerPtr& caller, std::string target, std::string body) {
        return send(caller, {http::Method::post, std::move(target), std::move(body)});
    }
    http::Response patch(const CallerPtr& caller, std::string target, std::string body) {
        return send(caller, {http::Method::patch, std::move(target), std::move(body)});
    }
    http::Response remove(const CallerPtr& caller, std::string target) {
        return send(caller, {http::Method::delete_, std::move(target)});
    }
    // The body of a list or row, as fresh as the log.
    std::string read(const CallerPtr& caller, const std::string& target);
    // Stops a context, such as that of a view.
    void stop(std::string context);
    // Asks until the answer holds the text: what follows by and by.
    bool comes(const std::string& target, std::string_view text);

    std::int64_t number_of(const http::Response& made) const;
    // How many events he is the actor of: what follows by itself has the actor that it follows
    // from.
    std::size_t written_by(std::string_view actor) const;
    std::uint64_t head() const { return runtime_->reads().log().head(); }

    // One order of each system, gone through to its end; answers its number.
    std::int64_t reserve_phone(const CallerPtr& caller, std::int64_t user);
    std::int64_t buy_product(const CallerPtr& caller, std::optional<std::int64_t> customer);
    std::int64_t be_vaccinated(const CallerPtr& caller, int person);
    std::int64_t have_repaired(const CallerPtr& caller, std::string_view plate);
    std::int64_t order_phone(const CallerPtr& caller);

    TempFolder folder_;
    server::ServeConfig config_;
    boost::asio::io_context io_;
    http::Router router_;
    std::unique_ptr<server::Runtime> runtime_;

  private:
    boost::asio::awaitable<void> answer(http::Request& request, http::Response& response);
    bool done_ = false;
};

}  // namespace yeyak::api
