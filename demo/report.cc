#include "demo/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::demo {
namespace {

using tools::grouped;
using tools::json_text;

constexpr int name_columns = 32;

double per_second(const Kind& all, const Outcome& outcome) {
    return static_cast<double>(transactions(all)) / std::max(outcome.seconds, 0.001);
}

// The columns of a table: 2xx together, every other status that occurred on its own.
std::string answers_row(const Kind& kind, const std::set<int>& statuses) {
    auto row = fmt::format("{:>9}", grouped(kind.from_to(200, 299)));
    for (const int status : statuses)
        row += fmt::format("{:>8}", grouped(kind.from_to(status, status)));
    return row;
}

std::string table_row(std::string_view name, const Kind& kind, const std::set<int>& statuses) {
    const auto took = kind.latency();
    return fmt::format("{:<{}}{:>9}{}{:>9.1f}{:>9.1f}{:>9.1f}{:>9.1f}\n", name, name_columns,
                       grouped(kind.sent()), answers_row(kind, statuses), took.p50_ms, took.p95_ms,
                       took.p99_ms, took.max_ms);
}

std::string table_of_requests(const Tally& tally) {
    const auto all = tally.all();
    std::set<int> statuses;
    for (const auto& [status, times] : all.answers)
        if (status < 200 || status > 299) statuses.insert(status);
    auto text = fmt::format("{:<{}}{:>9}{:>9}", "request", name_columns, "sent", "2xx");
    for (const int status : statuses)
        text += fmt::format("{:>8}", status == 0 ? "none" : std::to_string(status));
    text += fmt::format("{:>9}{:>9}{:>9}{:>9}\n", "p50 ms", "p95 ms", "p99 ms", "max ms");
    for (const auto& [name, kind] : tally.kinds) text += table_row(name, kind, statuses);
    return text + table_row("all", all, statuses);
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

std::string as_table(const Plan& plan, const Outcome& outcome) {
    const auto& tally = outcome.tally;
    const auto all = tally.all();
    auto text =
        fmt::format("{}: {} users, {} connections, seed {}, {:.1f} s{}\n\n", plan.system,
                    grouped(plan.users), grouped(plan.connections), plan.seed, outcome.seconds,
                    outcome.ending == Ending::interrupted ? ", interrupted" : "");
    text += table_of_requests(tally);
    text += fmt::format("\ntransactions/s  {:.1f}\n", per_second(all, outcome));
    text += fmt::format("availability    {:.2f} %   answers below 500, as siege counts it\n",
                        availability(all));
    text += fmt::format("succeeded       {:.2f} %   answers below 400\n", succeeded(all));
    text += fmt::format("tried again     {}\n", grouped(tally.retries));
    if (plan.outages) text += fmt::format("outages         {}\n", grouped(tally.outages));
    text += "\nmade\n";
    for (const auto& [what, times] : tally.made)
        text += fmt::format("{:<{}}{:>9}\n", what, name_columns, grouped(times));
    for (const auto& [what, surprise] : tally.surprises)
        text += fmt::format("\nNOT IN ORDER, {} times: {}\n    {}\n", grouped(surprise.times), what,
                            tools::printable(surprise.example));
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
