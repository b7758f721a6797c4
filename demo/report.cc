#include "demo/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/table.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::demo {
namespace {

using tools::grouped;
using tools::json_text;

using tools::counted;
using tools::Table;

double per_second(const Kind& all, const Outcome& outcome) {
    return static_cast<double>(transactions(all)) / std::max(outcome.seconds, 0.001);
}

std::string milliseconds(double ms) { return fmt::format("{:.1f}", ms); }

// 2xx together, every other status that occurred on its own.
std::vector<std::string> cells_of(std::string_view name, const Kind& kind,
                                  const std::set<int>& statuses) {
    const auto took = kind.latency();
    std::vector<std::string> cells{std::string{name}, grouped(kind.sent()),
                                   grouped(kind.from_to(200, 299))};
    for (const int status : statuses) cells.push_back(grouped(kind.from_to(status, status)));
    for (const auto ms : {took.p50_ms, took.p95_ms, took.p99_ms, took.max_ms})
        cells.push_back(milliseconds(ms));
    return cells;
}

void add_requests(const Tally& tally, std::optional<std::size_t> width, const Table::Print& print) {
    const auto all = tally.all();
    std::set<int> statuses;
    for (const auto& [status, times] : all.answers)
        if (status < 200 || status > 299) statuses.insert(status);
    constexpr auto right = Table::Align::right;
    std::vector<Table::Column> columns{{"request"}, {"sent", right}, {"2xx", right}};
    for (const int status : statuses)
        columns.push_back({status == 0 ? "none" : std::to_string(status), right});
    for (const auto* title : {"p50 ms", "p95 ms", "p99 ms", "max ms"})
        columns.push_back({title, right});
    Table table{std::move(columns), width, print};
    for (const auto& [name, kind] : tally.kinds) table.add(cells_of(name, kind, statuses));
    table.add(cells_of("all", all, statuses));
    table.finish();
}

void add_made(const Tally& tally, std::optional<std::size_t> width, const Table::Print& print) {
    Table table{{{"made"}, {"", Table::Align::right}}, width, print};
    for (const auto& [what, times] : tally.made) table.add({what, grouped(times)});
    table.finish();
}

std::string json_of(const Latency& took) {
    return fmt::format(R"({{"p50":{:.3f},"p95":{:.3f},"p99":{:.3f},"max":{:.3f}}})", took.p50_ms,
                       took.p95_ms, took.p99_ms, took.max_ms);
}

std::string json_of(std::string_view name, const Kind& kind) {
    std::string answers;
    for (const auto& [status, times] : kind.answers)
        answers += fmt::format(R"({}"{}":{})", answers.empty() ? "" : ",",
                               status == 0 ? "none" : std::to_string(status), times);
    return fmt::format(R"({{"name":{},"sent":{},"answers":{{{}}},"latencyMs":{}}})",
                       json_text(name), kind.sent(), answers, json_of(kind.latency()));
}

// items of a list or members of an object, made by `one` and joined with commas
template <class Range, class One>
std::string joined(const Range& range, One one) {
    std::string text;
    for (const auto& element : range) text += (text.empty() ? "" : ",") + one(element);
    return text;
}

std::string ending(Ending how) {
    switch (how) {
        case Ending::done:
            return "done";
        case Ending::interrupted:
            return "interrupted";
        case Ending::no_server:
            return "no_server";
    }
    return "?";
}

}  // namespace

std::string as_table(const Plan& plan, const Outcome& outcome, std::optional<std::size_t> width) {
    const auto& tally = outcome.tally;
    const auto all = tally.all();
    std::string text;
    const Table::Print add = [&](std::string_view more) { text += more; };
    add(fmt::format("{}: {}, {}, seed {}, {:.1f} s{}\n\n", plan.system, counted(plan.users, "user"),
                    counted(plan.connections, "connection"), plan.seed, outcome.seconds,
                    outcome.ending == Ending::interrupted ? ", interrupted" : ""));
    add_requests(tally, width, add);
    add(fmt::format("\ntransactions/s  {:.1f}\n", per_second(all, outcome)));
    add(fmt::format("availability    {:.2f} %   answers below 500, as siege counts it\n",
                    availability(all)));
    add(fmt::format("succeeded       {:.2f} %   answers below 400\n", succeeded(all)));
    add(fmt::format("tried again     {}\n", grouped(tally.retries)));
    if (plan.outages) add(fmt::format("outages         {}\n", grouped(tally.outages)));
    add("\n");
    add_made(tally, width, add);
    for (const auto& [what, surprise] : tally.surprises)
        add(fmt::format("\nNOT IN ORDER, {}: {}\n    {}\n", counted(surprise.times, "time"), what,
                        tools::printable(surprise.example)));
    return text;
}

std::string as_json(const Plan& plan, const Outcome& outcome) {
    const auto& tally = outcome.tally;
    const auto all = tally.all();
    const auto kinds =
        joined(tally.kinds, [](const auto& kind) { return json_of(kind.first, kind.second); });
    const auto made = joined(tally.made, [](const auto& one) {
        return fmt::format("{}:{}", json_text(one.first), one.second);
    });
    const auto surprises = joined(tally.surprises, [](const auto& one) {
        return fmt::format(R"({{"what":{},"times":{},"example":{}}})", json_text(one.first),
                           one.second.times, json_text(one.second.example));
    });
    const auto stopped = joined(outcome.still_stopped, json_text);
    return fmt::format(
        R"({{"system":"{}","ending":"{}","users":{},"connections":{},"seed":{},"seconds":{:.3f},)"
        R"("requests":{},"retries":{},"outages":{},"transactionsPerSecond":{:.3f},)"
        R"("availability":{:.4f},"succeeded":{:.4f},"all":{},"kinds":[{}],"made":{{{}}},)"
        R"("notInOrder":[{}],"stillStopped":[{}]}})",
        plan.system, ending(outcome.ending), plan.users, plan.connections, plan.seed,
        outcome.seconds, tally.requests, tally.retries, tally.outages, per_second(all, outcome),
        availability(all), succeeded(all), json_of("all", all), kinds, made, surprises, stopped);
}

}  // namespace yeyak::demo
