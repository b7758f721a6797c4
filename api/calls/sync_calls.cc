#include "api/calls/sync_calls.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace yeyak::api {

boost::asio::awaitable<std::expected<SyncCall, std::string_view>> SyncCalls::begin(
    std::string context, std::int64_t timeout_ms) {
    const auto setting = contexts_.get(context);
    // Known to be stopped: nothing is called, and nothing is learnt about how well calls go.
    if (setting.state == ContextState::down) co_return std::unexpected("context_down");
    if (const auto refused = guards_.enter(context, clock_.now()); !refused.empty())
        co_return std::unexpected(refused);
    if (setting.delay_ms.size() == 2) {
        const auto span = static_cast<std::uint64_t>(setting.delay_ms[1] - setting.delay_ms[0] + 1);
        const auto delay = setting.delay_ms[0] + static_cast<std::int64_t>(random_() % span);
        const auto executor = co_await boost::asio::this_coro::executor;
        boost::asio::steady_timer timer{executor};
        timer.expires_after(std::chrono::milliseconds{std::min(delay, timeout_ms)});
        constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
        co_await timer.async_wait(token);
        if (delay > timeout_ms) {
            guards_.leave(context, Breaker::Outcome::timeout, clock_.now());
            co_return std::unexpected("timeout");
        }
    }
    if (static_cast<std::int64_t>(random_() % 1000) < setting.fail_per_mille) {
        guards_.leave(context, Breaker::Outcome::failure, clock_.now());
        co_return std::unexpected("failed");
    }
    co_return SyncCall{guards_, clock_, std::move(context)};
}

}  // namespace yeyak::api
