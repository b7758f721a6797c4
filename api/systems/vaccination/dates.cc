#include "api/systems/vaccination/dates.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregates/vaccination/desk.h"
#include "api/routes/command.h"
#include "api/systems/vaccination/body.h"
#include "api/systems/vaccination/settings.h"
#include "kernel/ensure.h"
#include "projections/vaccination/slots.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::Request;
using http::Response;
using projections::Slots;

constexpr std::string_view busy =
    "조회 폭주로 서비스 지연 중입니다 (many look-ups at once: the service is delayed, try again)";

// A client of the original sees an answer without dates, any other is told when to come back.
Response no_dates(const Server& at, const Request& request, std::string_view reason) {
    auto refused = not_called(request, Slots::context, reason, busy);
    if (at.config.of<VaccinationSettings>().dates_fallback == "error") return refused;
    std::string body = "{\"message\":";
    append_json_string(body, busy);
    return http::json(200, body + ",\"dates\":[]}");
}

StoreResult<std::string> dates(const Server& at, const server::ViewAt& slots) {
    const Date today = seoul_date(at.reads.now());
    std::string list;
    for (std::int32_t ahead = 1; ahead <= vaccination::days_offered; ++ahead) {
        const auto date = to_text(today + ahead);
        const auto stored = slots.rows->row(*slots.build, date);
        if (!stored) return std::unexpected(stored.error());
        std::int64_t taken = 0;
        if (*stored) {
            const auto row = from_json<projections::SlotRow>((*stored)->json);
            ensure(row.has_value(), "a row that was written can be read");
            taken = row->taken;
        }
        const auto left = at.config.of<VaccinationSettings>().daily_capacity - taken;
        list += fmt::format("{}{{\"date\":\"{}\",\"count\":{}}}", list.empty() ? "" : ",", date,
                            std::max<std::int64_t>(left, 0));
    }
    return fmt::format("[{}]", list);
}

}  // namespace

awaitable<Response> look_up_dates(const Server& at, Request& request) {
    const auto body = date_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    auto call = co_await at.commands.call(std::string{Slots::context},
                                          at.config.of<VaccinationSettings>().date_timeout_ms);
    if (!call) co_return no_dates(at, request, call.error());
    const auto slots = co_await at.reads.fresh(std::string{Slots::name}, {});
    const auto list = dates(at, slots);
    if (!list) co_return problem_of(list.error());
    co_return http::json(200, *list);
}

}  // namespace yeyak::api
