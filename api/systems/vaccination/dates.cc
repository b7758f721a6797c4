#include "api/systems/vaccination/dates.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregates/vaccination/desk.h"
#include "api/routes/command.h"
#include "api/systems/vaccination/body.h"
#include "api/systems/vaccination/person.h"
#include "kernel/json_impl.h"
#include "projections/vaccination/slots.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(api::DateBody)
}

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::Request;
using http::Response;
using projections::Slots;

constexpr std::string_view busy =
    "조회 폭주로 서비스 지연 중입니다 (many look-ups at once: the service is delayed, try again)";

// How long a look-up waits for the places to be as new as the log.
constexpr std::chrono::milliseconds fresh_wait{100};

// A client of the original sees an answer without dates, any other is told when to come back.
Response no_dates(const server::Runtime& runtime, const Request& request, std::string_view reason) {
    auto refused = not_called(request, Slots::context, reason, busy);
    if (runtime.config().vaccination.dates_fallback == "error") return refused;
    std::string body = "{\"message\":";
    append_json_string(body, busy);
    return http::json(200, body + ",\"dates\":[]}");
}

StoreResult<std::string> dates(server::Runtime& runtime) {
    const auto& build = runtime.view_thread().progress(Slots::name).build;
    const Date today = seoul_date(runtime.clock().now());
    std::string list;
    for (std::int32_t ahead = 1; ahead <= vaccination::days_offered; ++ahead) {
        const auto date = to_text(today + ahead);
        const auto stored = runtime.views().row(build, date);
        if (!stored) return std::unexpected(stored.error());
        std::int64_t taken = 0;
        if (*stored) {
            const auto row = from_json<projections::SlotRow>((*stored)->json);
            ensure(row.has_value(), "a row that was written can be read");
            taken = row->taken;
        }
        const auto left = runtime.config().vaccination.daily_capacity - taken;
        list += fmt::format("{}{{\"date\":\"{}\",\"count\":{}}}", list.empty() ? "" : ",", date,
                            std::max<std::int64_t>(left, 0));
    }
    return fmt::format("[{}]", list);
}

}  // namespace

awaitable<Response> look_up_dates(server::Runtime& runtime, Request& request) {
    const auto body = from_json<DateBody>(request.body, Reading::lenient);
    if (!body) co_return problem_of(body.error());
    const auto person = person_of(runtime, body->user_name, body->user_reg_number);
    if (!person) co_return person.error();
    auto call = co_await runtime.call(std::string{Slots::context},
                                      runtime.config().vaccination.date_timeout_ms);
    if (!call) co_return no_dates(runtime, request, call.error());
    co_await runtime.view_reaches(Slots::name, runtime.store().head(), fresh_wait);
    const auto list = dates(runtime);
    if (!list) co_return problem_of(list.error());
    co_return http::json(200, *list);
}

}  // namespace yeyak::api
