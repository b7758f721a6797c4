#include "server/calls/sync_calls.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "kernel/ended.h"

namespace yeyak::server {

SyncCall::~SyncCall() {
    if (guards_) guards_->leave(context_, Breaker::Outcome::success, clock_->now());
}

boost::asio::awaitable<std::expected<SyncCall, std::string_view>> SyncCalls::begin(
    std::string context, std::int64_t timeout_ms) {
    const auto setting = contexts_.get(context);
    // Known to be stopped: nothing is called, and nothing is learnt about how well calls go.
    if (setting.state == ContextState::down)
        co_return std::unexpected(code_of(Ended::context_down));
    if (const auto refused = guards_.enter(context, clock_.now()); !refused.empty())
        co_return std::unexpected(refused);
    if (const auto delay = faults_.delay(setting)) {
        const std::chrono::milliseconds limit{timeout_ms};
        const auto executor = co_await boost::asio::this_coro::executor;
        boost::asio::steady_timer timer{executor};
        timer.expires_after(std::min(*delay, limit));
        constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
        co_await timer.async_wait(token);
        if (*delay > limit) {
            guards_.leave(context, Breaker::Outcome::timeout, clock_.now());
            co_return std::unexpected("timeout");
        }
    }
    if (faults_.fails(setting)) {
        guards_.leave(context, Breaker::Outcome::failure, clock_.now());
        co_return std::unexpected("failed");
    }
    co_return SyncCall{guards_, clock_, std::move(context)};
}

}  // namespace yeyak::server
