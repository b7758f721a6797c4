// People look up dates, reserve one, and are injected; some cancel, some are forgetful.
#include "demo/vaccination.h"

#include <fmt/format.h>

namespace yeyak::demo {
namespace {

constexpr std::uint64_t days = 10;
constexpr std::string_view names[] = {"Taeyeon Kim", "Jieun Lee", "Minho Park", "Soyeon Choi"};

std::string person(const User& user) {
    const auto n = static_cast<std::uint64_t>(user.number());
    return fmt::format(R"("userName":"{}","userRegNumber":"{:02}{:02}{:02}-2{:06}")",
                       names[n % std::size(names)], n % 50 + 40, n % 12 + 1, n % 28 + 1,
                       n % 1'000'000);
}

// The date wanted, or the next one that still has room.
std::optional<std::string> free_date(const Answer& dates, std::uint64_t wanted) {
    for (std::uint64_t tried = 0; tried < days; ++tried) {
        const auto at = (wanted + tried) % days;
        if (dates.number(fmt::format("/{}/count", at)).value_or(0) > 0)
            return dates.text(fmt::format("/{}/date", at));
    }
    return std::nullopt;
}

constexpr std::string_view contexts[] = {"user", "reservation", "hospital", "vaccinestock",
                                         "dashboard"};

Task<void> visit(User& user) {
    const auto which = user.random().below(days);
    const auto then = user.random().below(100);
    const auto who = person(user);
    const auto dates = co_await user.post("look up dates", "/user/date", "{" + who + "}");
    const auto date = free_date(dates, which);
    if (!dates.ok() || !date) co_return;  // everything is taken
    const auto reserved = co_await user.post(
        "reserve", "/user/reserve", fmt::format(R"({{{},"reserveDate":"{}"}})", who, *date));
    const auto id = reserved.number("/id");
    if (!reserved.ok() || !id) co_return;
    user.made("reservations");
    if (then < 60) {
        // The hospital may not have heard of it yet.
        const auto injected = co_await user.post("inject", "/hospital/inject",
                                                 fmt::format(R"({{"userId":{}}})", *id), 404);
        if (injected.ok()) user.made("injections");
    } else if (then < 90) {
        const auto cancelled =
            co_await user.post("cancel", "/user/cancel", fmt::format(R"({{"userId":{}}})", *id));
        if (cancelled.ok()) user.made("cancellations");
    } else {
        // All days on offer are ahead, and nobody has missed one that has not come (409); when it
        // has gone by, the server says it itself.
        const auto missed = co_await user.post("say nobody came", "/hospital/no-show",
                                               fmt::format(R"({{"userId":{}}})", *id), 404);
        if (missed.ok()) user.made("no-shows");
    }
    if (then % 2 == 0) co_await user.get("look", "/dashboard/list?size=20");
}

}  // namespace

const Script vaccination_script{"vaccination", &visit, contexts};

}  // namespace yeyak::demo
