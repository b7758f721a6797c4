#include "demo/day.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "replay-tools/terminal/progress.h"

namespace yeyak::demo {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds slice{50};
constexpr std::chrono::seconds patience{10};

}  // namespace

Day::Day(asio::io_context& io, const Plan& plan, std::string run_id)
    : io_(io), plan_(plan), run_id_(std::move(run_id)) {}

std::optional<Day::Visit> Day::next_visit() {
    const auto systems = plan_.scripts.size();
    const bool once = !plan_.requests && !plan_.time;
    if (over() || (once && visits_ == total())) return std::nullopt;
    const auto number = visits_++;
    return Visit{plan_.scripts[number % systems], number,
                 static_cast<std::int64_t>(number / systems % plan_.users) + 1};
}

bool Day::take() {
    if (over()) return false;
    ++taken_;
    return true;
}

bool Day::over() const {
    return ended_ || (plan_.requests && taken_ >= *plan_.requests) ||
           (plan_.time && Clock::now() - began_ >= *plan_.time);
}

void Day::end(Ending how) {
    if (ended_) return;
    ended_ = true;
    ending = how;
}

Task<void> Day::pause(milliseconds time) {
    asio::steady_timer timer{io_};
    const auto until = Clock::now() + time;
    while (!over() && Clock::now() < until) {
        boost::system::error_code ec;
        timer.expires_at(std::min(until, Clock::now() + slice));
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
}

void Day::heard(const Answer& answer) {
    if (!answer.unreachable) {
        silent_since_.reset();
        return;
    }
    if (!silent_since_) silent_since_ = Clock::now();
    if (Clock::now() - *silent_since_ < patience) return;
    error = answer.error;
    end(Ending::no_server);
}

double Day::seconds() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

std::uint64_t Day::progress() const {
    if (plan_.requests) return taken_;
    return plan_.time ? static_cast<std::uint64_t>(seconds()) : visits_;
}

std::uint64_t Day::total() const {
    if (plan_.requests) return *plan_.requests;
    if (plan_.time) return static_cast<std::uint64_t>(plan_.time->count() / 1000);
    return plan_.users * plan_.scripts.size();
}

std::string Day::unit() const {
    if (plan_.requests) return "requests";
    return plan_.time ? tools::Progress::seconds_passed : "visits";
}

}  // namespace yeyak::demo
