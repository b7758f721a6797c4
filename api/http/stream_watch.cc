#include "api/http/stream_watch.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace yeyak::http {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds between_questions{10'000};

awaitable<void> watch(std::weak_ptr<StreamSession> watched, Request request, const Route* route,
                      decltype(ServerOptions::admit) admit) {
    asio::steady_timer pause{co_await asio::this_coro::executor};
    while (!watched.expired()) {
        const auto wait = std::min(between_questions, request.caller->remaining);
        pause.expires_after(std::max(wait, milliseconds{1}));
        boost::system::error_code ec;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        if (ec || watched.expired()) co_return;
        const auto denied = co_await admit(request, route);
        const auto stream = watched.lock();
        if (!stream || denied) {
            if (stream) stream->drain();
            co_return;
        }
    }
}

}  // namespace

void watch_stream(const asio::any_io_executor& executor,
                  const std::shared_ptr<StreamSession>& stream, const Request& request,
                  const Route* route, decltype(ServerOptions::admit) admit) {
    Request again;  // of the request only what says who sends it
    again.method = request.method;
    again.correlation_id = request.correlation_id;
    again.peer = request.peer;
    again.caller = request.caller;
    if (const auto token = request.header("Authorization"))
        again.headers.add("Authorization", *token);
    auto watching = watch(stream, std::move(again), route, std::move(admit));
    asio::co_spawn(executor, std::move(watching), asio::detached);
}

}  // namespace yeyak::http
