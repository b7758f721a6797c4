#include "program/door.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "kernel/edge/log.h"

namespace yeyak::program {

namespace {

constexpr std::chrono::minutes between_records{1};

api::FrontDoorParts parts_of(server::Tokens& tokens, const Clock& clock,
                             server::RequestFigures& requests, api::RefusedTokens& refused) {
    api::FrontDoorParts parts;
    parts.authenticate = [&tokens](std::string token) {
        return tokens.authenticate(std::move(token));
    };
    parts.now = [&clock] { return clock.now(); };
    parts.on_refused = [&](const http::Request& request, auth::Fault why) {
        requests.note_refused_token(auth::name_of(why));
        refused.note(request, why, clock.now());
    };
    return parts;
}

}  // namespace

Door::Door(const api::AccessTable& table, server::Tokens& tokens, const Clock& clock,
           server::Runtime& runtime)
    : commands_(runtime.commands()),
      front_(table, parts_of(tokens, clock, runtime.request_figures(), refused_)) {}

void Door::guard(http::ServerOptions& options, boost::asio::io_context& io) {
    options.admit = [this](http::Request& request, const http::Route* route) {
        return front_.admit(request, route);
    };
    auto recording = record();
    boost::asio::co_spawn(io, std::move(recording), boost::asio::detached);
}

boost::asio::awaitable<void> Door::record() {
    boost::asio::steady_timer pause{co_await boost::asio::this_coro::executor};
    while (true) {
        pause.expires_after(between_records);
        co_await pause.async_wait(boost::asio::use_awaitable);
        auto fact = refused_.take();
        if (!fact) continue;
        Cause cause{"refused-tokens", "refused-tokens", "system"};
        const auto recorded = co_await commands_.record(std::move(cause), *std::move(fact));
        if (!recorded)
            log::warning("refused_tokens_not_recorded", {{"detail", recorded.error().detail}});
    }
}

}  // namespace yeyak::program
